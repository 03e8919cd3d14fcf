import fc from 'fast-check';
import type { Selection } from '../../../../src/modules/reports/contract.ts';
import type { asker } from '../asking.ts';
import { isSelected } from '../slow.ts';
import type { StitchedView } from '../slow-views.ts';

/** A tenant in a real warehouse, and what an obvious calculation knows of its rows. */
export interface Checked {
  readonly ask: ReturnType<typeof asker>;
  /** Asks when it was another time (epoch ms). */
  askAt(now: number): ReturnType<typeof asker>;
  readonly views: readonly StitchedView[];
  readonly selections: fc.Arbitrary<Selection>;
  readonly sites: readonly string[];
  /** When the last beacon of a site was noted (ISO), by host name. */
  readonly seen: ReadonlyMap<string, string>;
  /** Ids of page views, as reports have them. */
  readonly ids: ReadonlyMap<StitchedView, string>;
  /** Ids of beacons that are of no page view. */
  readonly noViews: readonly string[];
}

/** Asks a report in random ways and compares its answers with the obvious calculation. */
export type Check = (checked: Checked) => Promise<void>;

const RUNS = Number(process.env['RUMBRELLA_REPORT_RUNS'] ?? 6);

/** Runs a check for some random inputs, `times` as many as usual; a failure prints the seed. */
export const forAny = <Ts extends [unknown, ...unknown[]]>(
  arbitraries: { readonly [K in keyof Ts]: fc.Arbitrary<Ts[K]> },
  holds: (...inputs: Ts) => Promise<void>,
  times = 1,
): Promise<void> =>
  fc.assert(
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a tuple stays one
    fc.asyncProperty(fc.tuple(...(arbitraries as readonly fc.Arbitrary<unknown>[])), (inputs) =>
      holds(...(inputs as Ts)),
    ),
    { numRuns: RUNS * times, endOnFailure: true },
  );

/** The page views that a selection holds. */
export const chosen = (views: readonly StitchedView[], by: Selection): readonly StitchedView[] =>
  views.filter((view) => isSelected(view, by));
