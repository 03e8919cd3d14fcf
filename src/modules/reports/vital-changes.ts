import {
  countOf,
  type Distribution,
  ENOUGH_TO_RATE,
  type GroupShare,
  sharesOf,
  splitChange,
  type VitalId,
} from '#vitals';
import type { VitalChange } from './contract.ts';

/** Distributions of a vital by group. */
export type VitalGroups = ReadonlyMap<unknown, Distribution>;

/** Change of the share of good page views, split by groups of `by`; null when one side has too few page views to be rated. */
export const changeOf = (
  vital: VitalId,
  after: VitalGroups,
  before: VitalGroups,
  by: string,
): VitalChange | null => changeOfShares(vital, sharesByGroup(vital, after), sharesByGroup(vital, before), by);

/** As `changeOf`, of counted groups. */
const changeOfShares = (
  vital: VitalId,
  after: ReadonlyMap<unknown, GroupShare>,
  before: ReadonlyMap<unknown, GroupShare>,
  by: string,
): VitalChange | null => {
  if (samplesOf(after) < ENOUGH_TO_RATE || samplesOf(before) < ENOUGH_TO_RATE) return null;
  const change = splitChange(after, before);
  return change === null ? null : { vital, ...change, by };
};

const samplesOf = (groups: ReadonlyMap<unknown, GroupShare>): number =>
  groups.values().reduce((sum, { samples }) => sum + samples, 0);

const sharesByGroup = (vital: VitalId, groups: VitalGroups): ReadonlyMap<unknown, GroupShare> =>
  new Map(
    [...groups].map(([group, distribution]) => {
      const samples = countOf(distribution);
      return [group, { samples, good: Math.round((sharesOf(vital, distribution)?.good ?? 0) * samples) }];
    }),
  );
