import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asked, plain, requests } from './gateway-asked.ts';
import { claimsOf } from './gateway-calls.ts';
import { HOSTINGS, runs } from './gateway-runs.ts';
import { startSpied, withSpied } from './gateway-spied.ts';
import { provedBy } from './gateway-tokens.ts';
import { type DrawnRelation, type State, state } from './gateway-worlds.ts';

const without = (relations: readonly DrawnRelation[]): readonly DrawnRelation[] =>
  relations.filter(({ tenant, executesAs }) => tenant !== 'dd' && !executesAs.includes('dd'));

/** What `dd` has and does, put into a world. */
const withTheirs = (world: State, theirs: State): State => ({
  enabled: { ...world.enabled, dd: theirs.enabled.dd },
  relations: [...without(world.relations), ...theirs.relations.filter(({ tenant }) => tenant === 'dd')],
  accounts: { ...world.accounts, dd: theirs.accounts.dd },
  wishes: {
    hope: { ...world.wishes.hope, dd: theirs.wishes.hope.dd },
    wish: { ...world.wishes.wish, dd: theirs.wishes.wish.dd },
  },
});

test.each(HOSTINGS)(
  'I-8: two worlds that differ only in an unrelated tenant look the same to everybody else, with modules %s',
  (hosting, share) =>
    withSpied(
      (one) =>
        withSpied(
          async (other) => {
            const notTheirs = fc.array(
              asked.filter(
                ({ tenant, token }) =>
                  (token.kind === 'none' || token.from !== 'dd') &&
                  (token.kind !== 'of a module' || token.at !== 'dd') &&
                  (tenant !== 'dd' || provedBy(token) !== null),
              ),
              { minLength: 1, maxLength: 4 },
            );
            await fc.assert(
              fc.asyncProperty(state, state, notTheirs, async (world, theirs, all) => {
                one.set({ ...world, relations: without(world.relations) });
                other.set(withTheirs(world, theirs));
                // The neighbour is busy in one of them.
                for (const path of ['/one', '/chain']) await other.ask(plain(path, 'dd', 'dd'));
                for (const request of all) {
                  for (const { seen } of [one, other]) seen.length = 0;
                  expect(await other.ask(request)).toEqual(await one.ask(request));
                  const shown = [one, other].map(({ seen }) =>
                    seen.map((call) => [
                      call.module,
                      call.tenant,
                      call.permissions,
                      call.body,
                      claimsOf(call)['rel'],
                    ]),
                  );
                  expect(shown[1]).toEqual(shown[0]);
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

test('I-14: a gateway that has seen other worlds answers as one that begins in this one', () =>
  withSpied(async (old) => {
    await fc.assert(
      fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 3 }), requests, async (worlds, all) => {
        for (const world of worlds) {
          old.set(world);
          const young = await startSpied(world);
          try {
            for (const request of all) expect(await old.ask(request)).toEqual(await young.ask(request));
          } finally {
            await young.world.stop();
          }
        }
      }),
      runs(1, 0.3),
    );
  }));
