import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createOperator, type Operator } from '../../examples/operator.ts';
import type { Person } from '../../examples/person.ts';
import { type Program, startProgram } from '../../examples/process.ts';
import { signInPeople } from '../support/people.ts';
import { OPERATOR_TOKEN, type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

// A module in another language: written, described, registered and called as `docs/guide/write-a-module.md` says.

const hello = fileURLToPath(new URL('../../examples/python-module/hello.py', import.meta.url));
const descriptorFile = new URL('../../examples/python-module/ModuleDescriptor.json', import.meta.url);

let server: RunningRumbrella;
let operator: Operator;
let module: Program & { readonly ready: string };
let ann: Person;
let bea: Person;
let noor: Person;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-python-'));
  await writeFile(
    join(folder, 'users-map.yaml'),
    `
- user: { prefix: fashion_bg, expire: 2099-01-01 }
- user: { prefix: sofia_news, expire: 2099-01-01 }
- user: { prefix: agency, expire: 2099-01-01 }
- relation: { tenant: agency, executes_as: [fashion_bg], modules: [hello], permissions: [hello.get], expire: 2098-12-31 }
`,
  );
  server = await startRumbrella({ folder, env: { RUMBRELLA_DEMO: 'off' } });
  operator = createOperator(server.url, OPERATOR_TOKEN);
  module = await startProgram(
    { command: 'python3', args: [hello, '0'] },
    (line) => /^hello answers on (\d+)$/.exec(line)?.[1],
  );
  const descriptor = JSON.parse(await readFile(descriptorFile, 'utf8')) as { id: string };
  await operator.addModule(descriptor, `http://127.0.0.1:${module.ready}`);
  await operator.enable('fashion_bg', descriptor.id);
  [ann, bea, noor] = (await signInPeople(
    server,
    { tenant: 'fashion_bg', username: 'ann', permissions: ['hello.get'] },
    { tenant: 'agency', username: 'bea', permissions: ['hello.get'] },
    { tenant: 'fashion_bg', username: 'noor', permissions: [] },
  )) as [Person, Person, Person];
});

afterAll(async () => {
  await module?.stop();
  await server?.remove();
});

test('greets the tenant for whom it is executed, and knows the user', async () => {
  const answer = await ann.send({ path: '/hello' });
  expect([answer.status, answer.json]).toEqual([200, { hello: 'fashion_bg', user: ann.id }]);
});

test('is executed for the organization that has it, on behalf of a user of the agency', async () => {
  const answer = await bea.send({ path: '/hello' });
  expect([answer.status, answer.json]).toEqual([200, { hello: 'fashion_bg', user: bea.id }]);
  const [, handler] = await operator.hops(answer.requestId);
  expect(handler).toMatchObject({
    phase: 'handler',
    module: 'mod-hello-1.0.0',
    tenants: { origin: 'agency', requested: 'agency', execution: 'fashion_bg' },
    rule: 'only-candidate',
    status: 200,
  });
});

test('refuses who is not the gateway: a token of another tenant, for another module, of nobody', async () => {
  const tokenOf = (payload: unknown): string =>
    `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;
  const mine = { tenant: 'fashion_bg', aud: 'mod-hello-1.0.0' };
  const ask = async (token?: string): Promise<number> => {
    const headers = {
      'x-okapi-tenant': 'fashion_bg',
      ...(token !== undefined && { 'x-okapi-token': token }),
    };
    return (await fetch(`http://127.0.0.1:${module.ready}/hello`, { headers })).status;
  };
  expect(await ask(tokenOf(mine))).toBe(200);
  expect(await ask(tokenOf({ ...mine, tenant: 'sofia_news' }))).toBe(400);
  expect(await ask(tokenOf({ ...mine, aud: 'mod-notes-1.0.0' }))).toBe(400);
  expect(await ask(tokenOf({ tenant: mine.tenant }))).toBe(400);
  expect(await ask(tokenOf(['fashion_bg']))).toBe(400);
  expect(await ask('garbage')).toBe(400);
  expect(await ask('e30.!.x')).toBe(400);
  expect(await ask()).toBe(400);
});

test('is not called for a user who lacks its permission', async () => {
  const answer = await noor.send({ path: '/hello' });
  expect(answer.status).toBe(403);
  expect(answer.text).toContain('requires permission: hello.get');
});

test('answers many at once', async () => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ann.send({ path: '/hello' })));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
});

test('is gone for the tenant when the operator disables it', async () => {
  await operator.disable('fashion_bg', 'mod-hello-1.0.0');
  const answer = await ann.send({ path: '/hello' });
  expect([answer.status, answer.text]).toEqual([404, 'No suitable module found for path and tenant']);
});
