import { useMemo } from 'preact/hooks';
import { type Annotation, notesRequest } from '../api/annotations.ts';
import type { ChartNote } from '../charts/time-chart-notes.tsx';
import type { Period } from '../state/moment.ts';
import { useRequest } from '../state/use-request.ts';

/** Notes for charts. */
export interface Notes {
  readonly notes: readonly ChartNote[];
  /** May the caller write one? */
  readonly mayWrite: boolean;
  reload(): void;
}

/** The notes of a period, for charts. None where they may not be seen: charts are worth seeing without. `isAsked` false waits. */
export const useNotes = (site: string | null, period: Period, isAsked: boolean): Notes => {
  const { data, reload } = useRequest(isAsked ? notesRequest({ ...period, site }) : null, 'beside');
  const notes = useMemo(() => (data?.annotations ?? []).map(noteOf), [data]);
  return { notes, mayWrite: (data?.mayWrite.length ?? 0) > 0, reload };
};

const noteOf = (note: Annotation): ChartNote => ({
  id: note.id,
  from: Date.parse(note.at),
  to: note.to === null ? null : Date.parse(note.to),
  kind: note.kind.name,
  title: note.title,
  content: note.content ?? '',
  author: authorOf(note),
});

/** Both names where somebody acted for another organization. */
const authorOf = ({ author, organization }: Annotation): string => {
  if (author === null) return 'Rumbrella';
  return author.organization.id === organization.id
    ? author.name
    : `${author.name} of ${author.organization.name}`;
};
