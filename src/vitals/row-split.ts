import { type GroupShare, type ShareChange, splitChange } from './mix.ts';
import type { Shares } from './distribution.ts';
import { ENOUGH_TO_RATE, type VitalId } from './vitals.ts';

/** A group of page views with its figures, as an answer has them. */
export interface FiguredGroup {
  readonly value: string;
  readonly vitals: readonly {
    readonly vital: VitalId;
    readonly samples: number;
    readonly shares: Shares | null;
  }[];
}

/**
 * The split of a change by the figures of groups, for those who see each side by itself: the same as by the distributions of both. Null: one side has
 * too few page views to be rated.
 */
export const splitOfRows = (
  vital: VitalId,
  after: readonly FiguredGroup[],
  before: readonly FiguredGroup[],
): ShareChange | null => {
  const [now, then] = [sharesByGroup(vital, after), sharesByGroup(vital, before)];
  return [now, then].some((groups) => samplesOf(groups) < ENOUGH_TO_RATE) ? null : splitChange(now, then);
};

const samplesOf = (groups: ReadonlyMap<string, GroupShare>): number =>
  groups.values().reduce((sum, { samples }) => sum + samples, 0);

const sharesByGroup = (vital: VitalId, rows: readonly FiguredGroup[]): ReadonlyMap<string, GroupShare> =>
  new Map(
    rows.map(({ value, vitals }) => {
      const figures = vitals.find((each) => each.vital === vital);
      const samples = figures?.samples ?? 0;
      return [value, { samples, good: Math.round((figures?.shares?.good ?? 0) * samples) }];
    }),
  );
