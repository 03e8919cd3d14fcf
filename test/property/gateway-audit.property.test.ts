import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { requests } from './gateway-asked.ts';
import { isAbroad, requestIdOf } from './gateway-calls.ts';
import { HOSTINGS, inAnyWorld, runs } from './gateway-runs.ts';
import { withSpied } from './gateway-spied.ts';
import { state } from './gateway-worlds.ts';

describe.each(HOSTINGS)('the audit, with modules %s', (...hosting) => {
  test('I-20: has one entry for each request that modules are called for abroad, made before the first call', () =>
    inAnyWorld(hosting, (calls, _request, _world, { audited }) => {
      const abroad = calls.filter(isAbroad);
      for (const call of abroad)
        expect(audited.filter(({ requestId }) => requestId === requestIdOf(call))).toEqual([
          expect.objectContaining({ tenant: call.tenant, callsBefore: 0 }),
        ]);
      // An entry without a call: somebody was not allowed to. Never two for one request.
      expect(new Set(audited.map(({ requestId }) => requestId)).size).toBe(audited.length);
    }));
});

test.each(HOSTINGS)(
  'I-19: while the audit is down no module is called abroad, and every one at home, with modules %s',
  (hosting, share) =>
    withSpied(
      (one) =>
        withSpied(
          async (down) => {
            down.auditWorks(false);
            await fc.assert(
              fc.asyncProperty(state, requests, async (world, all) => {
                one.set(world);
                down.set(world);
                for (const request of all) {
                  for (const { seen } of [one, down]) seen.length = 0;
                  one.audited.length = 0;
                  const usual = await one.ask(request);
                  const answer = await down.ask(request);
                  expect(down.seen.filter(isAbroad)).toEqual([]);
                  if (one.audited.length === 0) expect(answer).toEqual(usual);
                }
              }),
              runs(share),
            );
          },
          { hosting },
        ),
      { hosting },
    ),
);
