import type { VitalChange, VitalFigures } from '#reports';
import { VITALS } from '#vitals';
import { formatPoints, formatVital } from '../parts/numbers.ts';

/** How a vital changed. */
export interface ChangeWords {
  readonly direction: 'better' | 'worse' | 'same';
  readonly words: string;
}

/** How the percentile changed; values whose 95 % intervals overlap are not said to differ. null: one of them cannot be rated. */
export const changeWords = (before: VitalFigures | undefined, now: VitalFigures): ChangeWords | null => {
  if (before === undefined || before.value === null || now.value === null) return null;
  if (before.rating === null || now.rating === null) return null;
  const isApart =
    before.interval !== null &&
    now.interval !== null &&
    (before.interval.high < now.interval.low || now.interval.high < before.interval.low);
  if (!isApart)
    return { direction: 'same', words: `about as before (${formatVital(now.vital, before.value)})` };
  const isBetter = now.value < before.value;
  const words = VITALS[now.vital].unit === '' ? ['lower', 'higher'] : ['faster', 'slower'];
  const by = formatVital(now.vital, Math.abs(now.value - before.value));
  return { direction: isBetter ? 'better' : 'worse', words: `${by} ${isBetter ? words[0] : words[1]}` };
};

/** `good −9.0 pt: mix −12.0, performance +3.0`, shortened to what is worth saying; null: nothing changed by half a point. */
export const mixWords = (
  change: VitalChange | null | undefined,
): { readonly short: string; readonly long: string } | null => {
  if (change === null || change === undefined) return null;
  const parts = [change.total, change.mix, change.performance];
  if (parts.every((part) => Math.abs(part) < 0.005)) return null;
  const [total, mix, performance] = parts.map((part) => formatPoints(part).replace(' pt', ''));
  return {
    short: `${formatPoints(change.total)}: mix ${mix}, speed ${performance}`,
    long: `The share of good page views changed by ${total} points: ${mix} because other visitors came (by ${change.by}), ${performance} because pages became faster or slower for the same visitors.`,
  };
};
