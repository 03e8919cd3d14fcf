import { useMemo } from 'preact/hooks';
import type { BreakdownRow } from '#reports';
import { type BreakdownWish, reports } from '../api/reports.ts';
import { formatDay } from '../parts/numbers.ts';
import { useRequest } from '../state/use-request.ts';
import type { Selected } from './use-selected.ts';

/** Rows of a breakdown in the period that it is compared with: the one before, unless another one was chosen. */
export interface RowsBefore {
  /** By value; null: not there yet. A value that is not among them had no page views then, or too few to be listed. */
  readonly rows: ReadonlyMap<string, BreakdownRow> | null;
  /** `1 Nov 2026 – 28 Nov 2026`. */
  readonly words: string;
}

/** So many rows of before are looked at. */
const MOST = 500;

/** Asks for the rows of before. `isAsked` false waits. */
export const useRowsBefore = (
  selected: Selected,
  wish: Pick<BreakdownWish, 'dimension' | 'vital' | 'vitals' | 'search'>,
  isAsked: boolean,
): RowsBefore => {
  const { selection, compared, period, comparedPeriod } = selected;
  const length = period.to - period.from;
  const { from, to } = comparedPeriod ?? { from: period.from - length, to: period.from };
  const query =
    compared ??
    selection.map(
      ([name, value]) =>
        [
          name,
          name === 'from' || name === 'to' ? new Date({ from, to }[name]).toISOString() : value,
        ] as const,
    );
  const asked = useRequest(isAsked ? reports.breakdown(query, { ...wish, limit: MOST }) : null);
  const data = asked.isStale || asked.data?.dimension !== wish.dimension ? undefined : asked.data;
  // What cannot be had is as what was not there: the table is worth seeing without.
  const hasFailed = asked.error !== undefined;
  const rows = useMemo(
    () =>
      data === undefined && !hasFailed ? null : new Map((data?.rows ?? []).map((row) => [row.value, row])),
    [data, hasFailed],
  );
  return { rows, words: `${formatDay(from)} – ${formatDay(to - 1)}` };
};
