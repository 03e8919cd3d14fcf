import type { Annotation } from '../../api/annotations.ts';

/** Notes of one day (UTC). */
export interface NoteDay {
  readonly day: string;
  readonly notes: readonly Annotation[];
}

/** Notes by the day on which they begin, the newest day and note first. */
export const byDay = (notes: readonly Annotation[]): readonly NoteDay[] => {
  const newestFirst = notes.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  return [...Map.groupBy(newestFirst, ({ at }) => at.slice(0, 10))].map(([day, ofDay]) => ({
    day,
    notes: ofDay,
  }));
};
