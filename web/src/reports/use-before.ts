import { reports } from '../api/reports.ts';
import { formatDay } from '../parts/numbers.ts';
import type { Period } from '../state/moment.ts';
import { useRequest } from '../state/use-request.ts';
import type { CardsBefore } from './vital-cards.tsx';
import type { Selected } from './use-selected.ts';

/** What the cards are compared with: the period before, unless another one was chosen. null: not there yet. */
export const useBefore = (selected: Selected, isAsked: boolean): CardsBefore | null => {
  const { selection, compared, view, comparedPeriod } = selected;
  const isPrevious = compared === null || view.compare === 'prev';
  const previous = useRequest(isAsked && isPrevious ? reports.summary(selection, 'previous') : null);
  const other = useRequest(isAsked && !isPrevious ? reports.summary(compared) : null);
  if (isPrevious) {
    const before = previous.isStale ? null : (previous.data?.before ?? null);
    if (before === null) return null;
    return {
      vitals: before.vitals,
      changes: previous.data?.changes ?? null,
      words: periodWords(periodBefore(selected.period)),
    };
  }
  if (other.data === undefined || other.isStale || comparedPeriod === null) return null;
  return { vitals: other.data.vitals, changes: null, words: periodWords(comparedPeriod) };
};

const periodBefore = ({ from, to }: Period): Period => ({ from: from - (to - from), to: from });

const periodWords = ({ from, to }: Period): string => `${formatDay(from)} – ${formatDay(to - 1)}`;
