/** A group of page views: how many have a value, and how many of those are good. */
export interface GroupShare {
  readonly samples: number;
  readonly good: number;
}

/** Why a share of good page views changed: `mix` + `performance` = `total`, each −1 to 1. */
export interface ShareChange {
  readonly total: number;
  /** Because other groups came: Σ (weight after − weight before) · share before. */
  readonly mix: number;
  /** Because the groups themselves became better or worse: Σ weight after · (share after − share before). */
  readonly performance: number;
}

/**
 * Splits the change of the share of good page views from `before` to `after`, by groups (Kitagawa 1955, with the weights of `after`). A group that
 * is in one of them only has not changed itself: it counts as mix. Null: one of them has no values.
 */
export const splitChange = <K>(
  after: ReadonlyMap<K, GroupShare>,
  before: ReadonlyMap<K, GroupShare>,
): ShareChange | null => {
  const [samplesAfter, samplesBefore] = [after, before].map(samplesOf) as [number, number];
  if (samplesAfter === 0 || samplesBefore === 0) return null;
  let [mix, performance] = [0, 0];
  for (const key of new Set([...after.keys(), ...before.keys()])) {
    const [now, then] = [after.get(key) ?? NOBODY, before.get(key) ?? NOBODY];
    const shareNow = now.samples > 0 ? now.good / now.samples : then.good / then.samples;
    const shareThen = then.samples > 0 ? then.good / then.samples : shareNow;
    if (now.samples + then.samples === 0) continue;
    const weightNow = now.samples / samplesAfter;
    mix += (weightNow - then.samples / samplesBefore) * shareThen;
    performance += weightNow * (shareNow - shareThen);
  }
  return { total: goodOf(after) / samplesAfter - goodOf(before) / samplesBefore, mix, performance };
};

const NOBODY: GroupShare = { samples: 0, good: 0 };

const samplesOf = (groups: ReadonlyMap<unknown, GroupShare>): number =>
  groups.values().reduce((sum, { samples }) => sum + samples, 0);

const goodOf = (groups: ReadonlyMap<unknown, GroupShare>): number =>
  groups.values().reduce((sum, { good }) => sum + good, 0);
