import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { silentLog } from '#core';
import type { LiveView } from './live.ts';
import { createDemoSite } from './site.ts';

const VISIT = '0123456789abcdef0123456789abcdef';

let server: Server | null = null;
afterEach(() => void server?.close());

/** The demo site on a port of its own: answers `path` with status and text. */
const serve = async (live: (visit: string | null) => Promise<LiveView>) => {
  const started = createServer(createDemoSite({ live, isThere: () => true, log: silentLog }));
  server = started;
  await new Promise<void>((resolve) => {
    started.listen(0, '127.0.0.1', resolve);
  });
  const { port } = started.address() as AddressInfo;
  return async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`);
    return { status: answer.status, caching: answer.headers.get('cache-control'), text: await answer.text() };
  };
};

test('a look names one visit or none, and is kept by no cache', async () => {
  const asked: (string | null)[] = [];
  const get = await serve((visit) => {
    asked.push(visit);
    return Promise.resolve({ tables: [] });
  });
  expect(await get(`/demo/live.json?visit=${VISIT}`)).toEqual({
    status: 200,
    caching: 'no-store',
    text: '{"tables":[]}',
  });
  expect((await get('/demo/live.json')).status).toBe(200);
  expect(asked).toEqual([VISIT, null]);
});

test.each([
  ['', ''],
  ['too short', VISIT.slice(1)],
  ['too long', `${VISIT}0`],
  ['SQL', `${VISIT.slice(0, 20)}'%20OR%201=1`],
  ['a wildcard', '%25'.repeat(32)],
  ['capitals', VISIT.toUpperCase()],
  ['a line end', `${VISIT}%0A`],
  ['two', `${VISIT}&visit=${VISIT}`],
])('a visit that is %s is answered 400 and never asked for', async (_, visit) => {
  const get = await serve(() => Promise.reject(new Error('it was asked for')));
  const answer = await get(`/demo/live.json?visit=${visit}`);
  expect(answer.status).toBe(400);
  expect(answer.text).toContain('32 hexadecimal digits');
});

test('of many looks at once some are told to come again', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const get = await serve(() => held.then(() => ({ tables: [] })));
  let refused = 0;
  const looks = Array.from({ length: 9 }, async () => {
    const answer = await get('/demo/live.json');
    if (answer.status === 503) refused += 1;
    return answer;
  });
  await expect.poll(() => refused).toBe(5);
  release();
  const statuses = (await Promise.all(looks)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  expect((await get('/demo/live.json')).status).toBe(200);
});
