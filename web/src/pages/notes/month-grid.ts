import type { Annotation } from '../../api/annotations.ts';

const DAY_MS = 86_400_000;

/** `2026-11` of a moment (epoch ms, UTC). */
export const monthOf = (time: number): string => new Date(time).toISOString().slice(0, 7);

/** `2026-11-22` of a moment. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** First and last day of a month. */
export const daysOfMonth = (month: string): { readonly from: string; readonly to: string } => {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return { from: `${month}-01`, to: dayOf(Date.UTC(year, number, 0)) };
};

/** The weeks that a month is seen in, from Monday on, with the days of other months that fill the first and the last. */
export const weeksOf = (month: string): readonly (readonly string[])[] => {
  const { from, to } = daysOfMonth(month);
  const first = Date.parse(from);
  // Sunday is 0 for the platform, and the last day of a week here.
  const monday = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY_MS;
  const weeks: string[][] = [];
  for (let time = monday; time <= Date.parse(to); time += 7 * DAY_MS)
    weeks.push(Array.from({ length: 7 }, (_, day) => dayOf(time + day * DAY_MS)));
  return weeks;
};

/** The day after some others (negative: before). */
export const dayAfter = (day: string, days: number): string => dayOf(Date.parse(day) + days * DAY_MS);

/** The same day so many months later, or the last day of that month. */
export const monthAfter = (day: string, months: number): string => {
  const [year = 0, number = 1, date = 1] = day.split('-').map(Number);
  const month = monthOf(Date.UTC(year, number - 1 + months, 1));
  const { to } = daysOfMonth(month);
  const wanted = `${month}-${String(date).padStart(2, '0')}`;
  return wanted > to ? to : wanted;
};

/** Notes that touch a day, by time. */
export const notesOn = (notes: readonly Annotation[], day: string): readonly Annotation[] =>
  notes
    .filter(({ at, to }) => at.slice(0, 10) <= day && (to ?? at).slice(0, 10) >= day)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1));

/** Where a key of the calendar leads from a day; null: it is no key of it. */
export const dayByKey = (key: string, day: string): string | null => {
  const weekday = (new Date(day).getUTCDay() + 6) % 7;
  switch (key) {
    case 'ArrowLeft':
      return dayAfter(day, -1);
    case 'ArrowRight':
      return dayAfter(day, 1);
    case 'ArrowUp':
      return dayAfter(day, -7);
    case 'ArrowDown':
      return dayAfter(day, 7);
    case 'Home':
      return dayAfter(day, -weekday);
    case 'End':
      return dayAfter(day, 6 - weekday);
    case 'PageUp':
      return monthAfter(day, -1);
    case 'PageDown':
      return monthAfter(day, 1);
    default:
      return null;
  }
};
