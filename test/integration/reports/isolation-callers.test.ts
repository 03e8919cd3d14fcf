import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addPeople, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { poll } from '../../support/poll.ts';
import { startTestWarehouse, type TestWarehouse } from '../../support/warehouse.ts';
import { expectNothingOf, MARKS, plainRequests, readable, several, wordsOfOthers } from './marked-world.ts';

/* The whole program, its own accounts and its own beacons: everybody who can ask for the reports of one organization. */

const MAP = `
- user: { prefix: bear, brum_trace: trace-of-bear, expire: 2035-01-01 }
- user: { prefix: crow, brum_trace: trace-of-crow, expire: 2035-01-01 }
- user: { prefix: deer, brum_trace: trace-of-deer, expire: 2035-01-01 }
- user: { prefix: umbrella, expire: 2035-01-01 }
- relation: { tenant: umbrella, executes_as: [bear], modules: [reports], permissions: ['reports.*'], expire: 2034-01-01 }
`;
const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/154.0.0.0 Safari/537.36';
const VIEWS = 6;

let world: OkapiWorld;
/** Unpacks Parquet. */
let reader: TestWarehouse;
let ann: Person;
let una: Person;
/** Headers of each caller. */
const callers = new Map<string, Readonly<Record<string, string>>>();

/** Sends page views with the organization's word in all that a page can say of itself, and waits for them. */
const visit = async (person: Person): Promise<void> => {
  const word = MARKS[person.tenant]?.word ?? '';
  for (let index = 0; index < VIEWS; index += 1) {
    const sent = await fetch(`${world.url}/beacon/catcher?brum_trace=trace-of-${person.tenant}`, {
      method: 'POST',
      headers: { 'user-agent': CHROME },
      body: new URLSearchParams({
        u: `https://${word}-${index % 2}.example/${word}-${index}?utm_source=${word}&utm_campaign=${word}`,
        r: `https://${word}-referrer.example/`,
        pid: `${word}${index}`,
        'rt.si': `${word}-session`,
        'rt.sl': String(index + 1),
        'h.pg': `${word} group`,
        'cdim.release': `${word}-release`,
        'pt.lcp': '1200',
        'pt.fcp': '800',
        'pt.lcp.s': `img#${word}`,
        restiming: `{"https://${word}-cdn.example/":{"a.js":"3g,3c,2s,1e"}}`,
        [`${word}.own`]: word,
        v: `${word}-version`,
      }),
    });
    expect(sent.status).toBe(204);
  }
  await poll(`the page views of ${person.tenant}`, async () => {
    const summary = await person.ask('GET', '/reports/summary');
    return summary.json<{ views: number }>().views === VIEWS;
  });
};

beforeAll(async () => {
  [world, reader] = await Promise.all([startOkapiWorld(MAP), startTestWarehouse()]);
  const permissions = ['reports.all', 'accounts.all', 'role.administrator'];
  const [first, second, third, fourth] = await addPeople(
    world,
    { tenant: 'bear', username: 'ann', permissions },
    { tenant: 'crow', username: 'bob', permissions },
    { tenant: 'deer', username: 'dan', permissions },
    { tenant: 'umbrella', username: 'una', permissions },
  );
  [ann, una] = [first, fourth];
  for (const person of [first, second, third]) await visit(person);
  const key = await ann.ask('POST', '/api-keys', {
    name: 'machine',
    permissions: ['reports.get', 'reports.page-views.get'],
  });
  const share = await ann.ask('POST', '/shares', {
    name: 'shown',
    page: 'overview',
    selection: {
      from: new Date(Date.now() - 86_400_000).toISOString(),
      to: new Date(Date.now() + 86_400_000).toISOString(),
    },
  });
  expect([key.status, share.status], `${key.text} ${share.text}`).toEqual([201, 201]);
  const opened = await fetch(`${world.url}/shares/open`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-okapi-tenant': 'bear' },
    body: JSON.stringify({ token: share.json<{ token: string }>().token }),
  });
  expect(opened.status).toBe(201);
  const cookie = opened.headers.getSetCookie().map((line) => line.split(';')[0] ?? '');
  callers.set('a member', { 'x-okapi-token': ann.token });
  callers.set('the umbrella in its context', { 'x-okapi-token': una.token });
  callers.set('whoever has a share link', { cookie: cookie.join('; ') });
  callers.set('an API key', { 'x-okapi-token': key.json<{ key: string }>().key });
}, 300_000);
afterAll(async () => {
  await world?.remove();
  await reader?.stop();
});

describe.each([
  ['a member', 200],
  ['the umbrella in its context', 200],
  ['whoever has a share link', 403],
  ['an API key', 200],
] as const)('%s', (caller, ofSinglePageViews) => {
  it('reads no byte of another organization, in any report and any format', async () => {
    const list = await ann.ask('GET', '/reports/page-views?navigations=all');
    const [view] = list.json<{ views: { id: string }[] }>().views;
    expect(view).toBeDefined();
    const shown = new Set<string>();
    await several(
      plainRequests(view?.id ?? '').filter((path) => !path.includes('b.site=')),
      async (path) => {
        const answer = await fetch(`${world.url}${path}`, {
          headers: { 'x-okapi-tenant': 'bear', ...callers.get(caller) },
        });
        const bytes = Buffer.from(await answer.arrayBuffer());
        const text = await readable(
          { warehouse: reader },
          { bytes, headers: Object.fromEntries(answer.headers) },
        );
        const isSingle = path.startsWith('/reports/page-views');
        expect(answer.status, `${path} ${text}`).toBe(isSingle ? ofSinglePageViews : 200);
        if (answer.status === 200) expect(answer.headers.get('x-report-tenant')).toBe('bear');
        expectNothingOf(wordsOfOthers('bear'), text, path);
        if (text.includes(MARKS['bear']?.word ?? '')) shown.add(path);
      },
    );
    // What is looked for is there, packed as well.
    for (const format of ['json', 'csv', 'ndjson', 'parquet'])
      expect([...shown].filter((path) => path.includes(`format=${format}`)).length).toBeGreaterThan(4);
  }, 300_000);
});

describe('nobody of bear', () => {
  it('asks for another organization', async () => {
    for (const caller of [
      'a member',
      'whoever has a share link',
      'an API key',
      'the umbrella in its context',
    ])
      for (const tenant of ['crow', 'deer']) {
        const answer = await fetch(`${world.url}/reports/sites`, {
          headers: { 'x-okapi-tenant': tenant, ...callers.get(caller) },
        });
        expect([400, 401, 403, 404], `${caller} for ${tenant}`).toContain(answer.status);
        expectNothingOf(
          Object.values(MARKS).map(({ word }) => word),
          await answer.text(),
          `${caller} for ${tenant}`,
        );
      }
  });
});
