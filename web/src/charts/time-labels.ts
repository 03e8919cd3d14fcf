/** Width of a step of time. */
export type Step = 'minute' | 'hour' | 'day' | 'week';

const LENGTH_MS: Readonly<Record<Step, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
};

/** Milliseconds of a step. */
export const lengthOfStep = (step: Step): number => LENGTH_MS[step];

const formatter = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });

const DAY = formatter({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
const SHORT_DAY = formatter({ day: 'numeric', month: 'short' });
const TIME = formatter({ hour: '2-digit', minute: '2-digit' });

/** The step that begins at `at` (epoch ms) in words: `Mon, 16 Nov 2026`, `Mon, 16 Nov 2026, 14:00–15:00 UTC`, `16–22 Nov`. */
export const stepWords = (at: number, step: Step): string => {
  const end = at + LENGTH_MS[step];
  if (step === 'day') return DAY.format(at);
  if (step === 'week') return `${SHORT_DAY.format(at)} – ${SHORT_DAY.format(end - 1)}`;
  return `${DAY.format(at)}, ${TIME.format(at)}–${TIME.format(end)} UTC`;
};

/** A moment in words, to the minute. */
export const momentWords = (at: number): string => `${DAY.format(at)}, ${TIME.format(at)} UTC`;

/** A range in words; days only when it consists of whole days. */
export const rangeWords = (from: number, to: number): string => {
  const isWhole = from % LENGTH_MS.day === 0 && to % LENGTH_MS.day === 0;
  return isWhole
    ? `${SHORT_DAY.format(from)} – ${SHORT_DAY.format(to - 1)}`
    : `${momentWords(from)} – ${momentWords(to)}`;
};

/** Labels of an axis with ticks at these times (epoch seconds), UTC: the day where a day begins, otherwise the time. */
export const tickLabels = (times: readonly number[]): readonly string[] =>
  times.map((time) => {
    const at = time * 1_000;
    return at % LENGTH_MS.day === 0 ? SHORT_DAY.format(at) : TIME.format(at);
  });

const STEPS_S = [
  60, 300, 900, 1_800, 3_600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000,
];

/** Round times (epoch seconds) from `from` to `to`, at most `most`; weeks begin on Monday. */
export const timeTicks = (from: number, to: number, most: number): readonly number[] => {
  const step = STEPS_S.find((candidate) => (to - from) / candidate <= most) ?? Math.ceil((to - from) / most);
  // The epoch was a Thursday; Monday lies four days after it.
  const origin = step >= 604_800 ? 345_600 : 0;
  const first = Math.ceil((from - origin) / step) * step + origin;
  return Array.from(
    { length: Math.max(0, Math.floor((to - first) / step) + 1) },
    (_, index) => first + index * step,
  );
};
