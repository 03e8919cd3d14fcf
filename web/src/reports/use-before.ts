import type { Query } from '../api/client.ts';
import { reports } from '../api/reports.ts';
import { formatDay } from '../parts/numbers.ts';
import type { Period } from '../state/moment.ts';
import { useLock } from '../state/use-lock.ts';
import { useRequest } from '../state/use-request.ts';
import type { CardsBefore } from './vital-cards.tsx';
import type { Selected } from './use-selected.ts';

/** What the cards are compared with: the period before, unless another one was chosen. null: not there yet. Asked before what is below the cards. */
export const useBefore = (selected: Selected, isWanted: boolean): CardsBefore | null => {
  const lock = useLock();
  // A share link without a comparison shows its own period alone.
  const isAsked = isWanted && (!lock?.period || lock.compare !== undefined);
  const { selection, compared, view, comparedPeriod } = selected;
  const isPrevious = compared === null || view.compare === 'prev';
  const previous = useRequest(isAsked && isPrevious ? reports.summary(selection, 'previous') : null, 'third');
  // The same page views in two periods: how much of the change is other visitors, as the previous period has it.
  const other = useRequest(
    isAsked && !isPrevious
      ? reports.compare([...selection, ...periodOfOther(comparedPeriod)], 'device')
      : null,
    'third',
  );
  if (isPrevious) {
    const before = !isAsked || previous.isStale ? null : (previous.data?.before ?? null);
    if (before === null) return null;
    return {
      vitals: before.vitals,
      changes: previous.data?.changes ?? null,
      words: periodWords(periodBefore(selected.period)),
    };
  }
  if (other.data === undefined || other.isStale || comparedPeriod === null) return null;
  return { vitals: other.data.b.vitals, changes: other.data.changes, words: periodWords(comparedPeriod) };
};

const periodOfOther = (period: Period | null): Query =>
  period === null
    ? []
    : [
        ['b.from', new Date(period.from).toISOString()],
        ['b.to', new Date(period.to).toISOString()],
      ];

const periodBefore = ({ from, to }: Period): Period => ({ from: from - (to - from), to: from });

const periodWords = ({ from, to }: Period): string => `${formatDay(from)} – ${formatDay(to - 1)}`;
