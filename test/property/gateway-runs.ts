import fc from 'fast-check';
import type { Hosting, Seen } from '../support/gateway-world.ts';
import { type Asked, requests } from './gateway-asked.ts';
import type { Spied } from './gateway-spied.ts';
import { withSpied } from './gateway-spied.ts';
import { type State, state } from './gateway-worlds.ts';

const SHORT = 400;
const RUNS = Number(process.env['RUMBRELLA_GATEWAY_RUNS'] ?? SHORT);

/**
 * Worlds per property; each has some requests over HTTP. `share`: of the whole number, for a second hosting of modules; `inShort`: of that, in the short form,
 * where a world is expensive. The long form (`npm run test:long`) has 100,000 of each property.
 */
export const runs = (share = 1, inShort = 1): { readonly numRuns: number } => ({
  numRuns: Math.ceil(RUNS * share * (RUNS > SHORT ? 1 : inShort)),
});

/** Modules in process, and behind sockets of their own; a request of the latter takes three times as long. */
export const HOSTINGS: readonly (readonly [Hosting, number])[] = [
  ['in process', 1],
  ['remote', 0.3],
];

/** Sends requests into random worlds and shows what was called for each of them. */
export const inAnyWorld = (
  [hosting, share]: readonly [Hosting, number],
  check: (calls: readonly Seen[], request: Asked, world: State, spied: Spied) => void,
  states: fc.Arbitrary<State> = state,
): Promise<void> =>
  withSpied(
    (spied) =>
      fc.assert(
        fc.asyncProperty(states, requests, async (world, all) => {
          spied.set(world);
          for (const request of all) {
            spied.seen.length = 0;
            spied.audited.length = 0;
            await spied.ask(request);
            check(spied.seen, request, world, spied);
          }
        }),
        runs(share),
      ),
    { hosting },
  );
