import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { splitDoor } from './administration-door.ts';

/** Which of the two doors lets a target through to what answers. */
const doorsOf = (url: string): readonly string[] => {
  const through: string[] = [];
  for (const name of ['open', 'administration'] as const) {
    let status = 0;
    const door = splitDoor(() => through.push(name));
    const response = {
      writeHead: (given: number) => {
        status = given;
        return { end: () => undefined };
      },
    };
    door[name]({ url } as IncomingMessage, response as unknown as ServerResponse);
    if (!through.includes(name)) expect(status).toBe(404);
  }
  return through;
};

test.each([
  '/_/proxy/modules',
  '/_/discovery/modules?x=/_/version',
  '/_/resolve?tenant=a',
  '/_/requests/1',
  '/_/clickhouse/',
  '/_/version/more',
  '/_/versions',
  '/_/proxy/health/x',
  '/_/proxy/healthy',
  '/_/invoke/tenant/a',
  '/_/invoke/tenant/a?x=/',
  '/_/invoke/tenant',
  '/_/',
])('%s is on the port of the administration alone', (url) => {
  expect(doorsOf(url)).toEqual(['administration']);
});

test.each(['/_/version', '/_/version?x', '/_/proxy/health', '/_/proxy/health#x'])('%s is on both', (url) => {
  expect(doorsOf(url)).toEqual(['open', 'administration']);
});

test.each([
  '/',
  '/notes',
  '/_',
  '/x/_/proxy/modules',
  '//_/proxy/modules',
  '*',
  'http://x/_/proxy',
  '/_/invoke/tenant/a/notes',
  '/_/invoke/tenant//notes',
])('%s is on the other one alone', (url) => {
  expect(doorsOf(url)).toEqual(['open']);
});
