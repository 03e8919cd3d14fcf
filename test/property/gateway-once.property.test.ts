import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Seen } from '../support/gateway-world.ts';
import { asked, requests } from './gateway-asked.ts';
import { isFilter, requestIdOf } from './gateway-calls.ts';
import { HOSTINGS, runs } from './gateway-runs.ts';
import { startSpied, withSpied } from './gateway-spied.ts';
import { state, wishfulState } from './gateway-worlds.ts';

/** Calls by the request that they were made for, in their order. */
const byRequest = (calls: readonly Seen[]): readonly (readonly Seen[])[] => [
  ...Map.groupBy(calls, requestIdOf).values(),
];

const isPre = ({ headers }: Seen): boolean => headers['x-okapi-filter']?.startsWith('pre ') === true;

describe.each(HOSTINGS)('the tenant of a request, with modules %s', (...[hosting, share]) => {
  test('I-10: is replaced at most once, by a filter before the handler, and stays when everything changes meanwhile', () =>
    withSpied(
      async (spied) => {
        await fc.assert(
          fc.asyncProperty(wishfulState, state, asked, async (world, meanwhile, request) => {
            spied.set(world);
            spied.seen.length = 0;
            spied.audited.length = 0;
            spied.during = (_request, module) => {
              if (module === 'one') spied.set({ ...meanwhile, wishes: world.wishes });
            };
            await spied.ask(request);
            for (const calls of byRequest(spied.seen)) {
              const moves = calls.filter((call, at) => at > 0 && call.tenant !== calls[at - 1]?.tenant);
              expect(moves.length).toBeLessThanOrEqual(1);
              const handled = calls.findIndex((call) => !isFilter(call));
              for (const move of moves) {
                const at = calls.indexOf(move);
                expect(calls.slice(0, at).every((call) => isPre(call))).toBe(true);
                if (handled !== -1) expect(at).toBeLessThanOrEqual(handled);
              }
              // One relation allows it, and one line of the audit says so.
              expect(
                spied.audited.filter(({ requestId }) => requestId === requestIdOf(calls[0] as Seen)).length,
              ).toBeLessThanOrEqual(1);
            }
          }),
          runs(share),
        );
      },
      { hosting },
    ));
});

test('I-15: the tenant does not depend on the order in which modules and filters of one level were registered', () =>
  withSpied(async (one) => {
    const backwards = <T>(items: readonly T[]): readonly T[] => items.toReversed();
    const turned = <T>(items: readonly T[]): readonly T[] => [...items.slice(3), ...items.slice(0, 3)];
    const others = await Promise.all([backwards, turned].map((order) => startSpied(undefined, { order })));
    try {
      await fc.assert(
        fc.asyncProperty(wishfulState, requests, async (world, all) => {
          for (const spied of [one, ...others]) spied.set(world);
          for (const request of all) {
            const shown = [];
            for (const spied of [one, ...others]) {
              spied.seen.length = 0;
              const answer = await spied.ask(request);
              shown.push([answer, spied.seen.map(({ module, tenant }) => `${module} for ${tenant}`)]);
            }
            expect(shown[1]).toEqual(shown[0]);
            expect(shown[2]).toEqual(shown[0]);
          }
        }),
        runs(1, 0.5),
      );
    } finally {
      for (const { world } of others) await world.stop();
    }
  }));
