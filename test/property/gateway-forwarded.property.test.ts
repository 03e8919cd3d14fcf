import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CANARY, requests, requestOf } from './gateway-asked.ts';
import { runs } from './gateway-runs.ts';
import { withSpied } from './gateway-spied.ts';
import { state } from './gateway-worlds.ts';

/** Internal headers that a module may be sent; of each, one. */
const GIVEN = new Set(
  [
    'url tenant token user-id permissions request-id request-ip request-timestamp request-method',
    'match-path-pattern filter handler-result handler-headers auth-result auth-headers',
  ]
    .join(' ')
    .split(' ')
    .map((name) => `x-okapi-${name}`),
);

/** What belongs to the client's connection, and what a client says that is not for modules. */
const CLIENTS = [
  ['Keep-Alive', CANARY],
  ['TE', CANARY],
  ['Proxy-Authorization', CANARY],
  ['Proxy-Connection', CANARY],
  ['X-Forwarded-Host', CANARY],
  ['X-Http-Method-Override', CANARY],
  ['x_okapi_token', CANARY],
  ['X-Okapi-Filter', CANARY],
  ['X-Okapi-Permissions-Required', CANARY],
  ['X-Okapi-Anything', CANARY],
] as const;

test('I-13: a module is sent each internal header once, and nothing of the client’s connection', () =>
  withSpied(
    async (spied) => {
      const heads: (readonly string[])[] = [];
      const onRequest = (message: unknown): void => {
        const { request, server } = message as { request: IncomingMessage; server: Server };
        if ((server.address() as AddressInfo | null)?.port !== spied.world.port)
          heads.push(request.rawHeaders);
      };
      subscribe('http.server.request.start', onRequest);
      let looked = 0;
      try {
        await fc.assert(
          fc.asyncProperty(state, requests, fc.subarray([...CLIENTS]), async (world, all, more) => {
            spied.set(world);
            heads.length = 0;
            for (const request of all)
              await spied.world.send(requestOf(request, spied.world, Object.fromEntries(more)));
            for (const head of heads) {
              const names = head.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
              const internal = names.filter((name) => name.replaceAll('_', '-').startsWith('x-okapi-'));
              for (const name of internal) expect(GIVEN).toContain(name);
              expect(internal).toEqual([...new Set(internal)]);
              expect(internal).toEqual(expect.arrayContaining(['x-okapi-tenant', 'x-okapi-url']));
              expect(head.join('\n')).not.toContain(CANARY);
              looked += 1;
            }
          }),
          runs(1, 0.5),
        );
      } finally {
        unsubscribe('http.server.request.start', onRequest);
      }
      expect(looked).toBeGreaterThan(0);
    },
    { hosting: 'remote' },
  ));
