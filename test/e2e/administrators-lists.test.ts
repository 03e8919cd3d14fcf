import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BackOffice, PASSWORD, SHOP, startBackOffice, type Visitor } from '../support/back-office.ts';

/** What administrators learn from the lists of their organization: who changed what, and whose keys are left. */

let office: BackOffice;
let visitor: Visitor;
let shop: Asking;
let agency: Asking;

type Asking = (method: string, path: string, body?: object, tenant?: string) => Promise<unknown>;

/** Signs in as a program does, and asks with the token. */
const signIn = async (home: string, username: string, password = PASSWORD): Promise<Asking> => {
  const headers = { 'x-okapi-tenant': home, 'content-type': 'application/json' };
  const login = await fetch(`${office.rumbrella.url}/authn/login`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ username, password }),
  });
  const token = login.headers.get('x-okapi-token') ?? '';
  return async (method, path, body, tenant = home) => {
    const answer = await fetch(`${office.rumbrella.url}${path}`, {
      method,
      headers: { ...headers, 'x-okapi-tenant': tenant, 'x-okapi-token': token },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.status === 204 ? null : await answer.json();
  };
};

beforeAll(async () => {
  office = await startBackOffice();
  visitor = await office.visit();
  await visitor.signIn(SHOP);
  shop = await signIn('demo_shop', 'shop');
  agency = await signIn('demo_agency', 'agency');
});

afterAll(() => office?.stop());

test('the trail shows changes only when asked, and the address keeps it', async () => {
  const { page } = visitor;
  await agency('GET', '/annotations', undefined, 'demo_shop');
  const name = 'made for the trail';
  await shop('POST', '/api-keys', { name, permissions: ['reports.get'] });
  const read = page.getByText('began to read').first();
  const change = page.getByText(`made the API key ${name}`).first();
  await visitor.go('/app/o/demo_shop/activity');
  await change.waitFor();
  await read.waitFor();

  await page.getByRole('button', { name: 'Changes only' }).click();
  await read.waitFor({ state: 'detached' });
  await change.waitFor();
  expect(new URL(page.url()).searchParams.get('only')).toBe('changes');
  await page.reload();
  await change.waitFor();
  expect(await read.count()).toBe(0);
  expect(await visitor.violations()).toEqual([]);

  await page.getByRole('button', { name: 'Reads and changes' }).click();
  await read.waitFor();
  expect(new URL(page.url()).searchParams.has('only')).toBe(false);
  expect(visitor.errors).toEqual([]);
});

test('a key whose maker is gone says so, and goes on', async () => {
  const { token } = (await shop('POST', '/invitations', { role: 'administrator' })) as { token: string };
  const account = { username: 'eve', password: 'a long enough passphrase', lastName: 'Eve' };
  await shop('POST', `/invitations/${token}/accept`, account);
  const eve = await signIn('demo_shop', account.username, account.password);
  await eve('POST', '/api-keys', { name: 'deploy job of eve', permissions: ['reports.get'] });
  const { people } = (await shop('GET', '/accounts/people')) as {
    people: readonly { id: string; username: string }[];
  };
  const { id } = people.find(({ username }) => username === 'eve') ?? { id: '' };
  await shop('PUT', `/accounts/people/${id}`, { active: false });

  await visitor.go('/app/o/demo_shop/api-keys');
  const row = visitor.page.getByRole('row', { name: 'deploy job of eve' });
  await row.getByText('by eve, who is no longer active').waitFor();
  await row.getByText(/^until /).waitFor();
});
