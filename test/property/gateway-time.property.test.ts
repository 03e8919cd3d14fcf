import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NOON, type Seen } from '../support/gateway-world.ts';
import { actorsOf, bridges, claimsOf, endOf, isAbroad, isFilter, requestIdOf } from './gateway-calls.ts';
import { HOSTINGS, runs } from './gateway-runs.ts';
import { startSpied } from './gateway-spied.ts';
import { passingWorlds, steps, Story } from './gateway-story.ts';
import { userOf } from './gateway-tokens.ts';
import type { Name } from './gateway-worlds.ts';

describe.each(HOSTINGS)('as time passes, with modules %s', (...[hosting, share]) => {
  const everyCall = (name: string, check: (call: Seen, story: Story) => void): void =>
    test(name, () =>
      fc.assert(
        fc.asyncProperty(passingWorlds, steps, async (world, all) => {
          let failure: unknown = null;
          const story = new Story(await startSpied(world, { hosting }), world, (call, at) => {
            try {
              check(call, at);
            } catch (error) {
              // Thrown in a module it would be an answer.
              failure ??= error;
            }
          });
          try {
            for (const step of all) await story.step(step);
            if (failure !== null) throw failure;
            story.happen({ kind: 'time passes', seconds: 61 });
            for (const call of story.calls) expect(await story.useAgain(call, '/one')).toBe(401);
          } finally {
            await story.spied.world.stop();
          }
        }),
        runs(share, 0.4),
      ),
    );

  everyCall(
    'I-9: no module is called for who is revoked, by what has ended, or with a token that is over',
    (call, { spied, world, seconds, userTokenEnds }) => {
      const from = claimsOf(call)['origin'] as Name;
      expect(spied.revoked).not.toContain(userOf(from));
      if (isAbroad(call)) expect(bridges(world, from, call, seconds)).not.toEqual([]);
      // Clocks of two gateways may differ by half a minute; the hops behind the first begin from the token's own end.
      expect(seconds).toBeLessThan(userTokenEnds + (actorsOf(call).length === 0 ? 30 : 0));
    },
  );

  everyCall(
    'I-18: a module token ends within a minute, and not after the user’s, the relation or the token before it',
    (call, { spied, calls, world, now, userTokenEnds }) => {
      if (isFilter(call)) return;
      const end = endOf(call);
      expect(end).toBeLessThanOrEqual(now + 60_000);
      expect(end).toBeLessThanOrEqual(NOON + userTokenEnds * 1_000);
      // A module in process shows no token that could be over: what allowed it to act still is not.
      const caller = calls.find((each) => requestIdOf(call).startsWith(`${requestIdOf(each)};`));
      if (hosting === 'remote' && caller !== undefined) expect(end).toBeLessThanOrEqual(endOf(caller));
      if (!isAbroad(call)) return;
      const allowing = spied.audited.findLast(({ requestId }) => requestId === requestIdOf(call))?.relation;
      const relation = world.relations[Number(allowing?.split('#')[1]) - 1];
      expect(relation).toBeDefined();
      expect(end).toBeLessThanOrEqual(NOON + (relation?.ends ?? 0) * 1_000);
    },
  );
});
