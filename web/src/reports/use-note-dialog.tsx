import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { ChartNote } from '../charts/time-chart-notes.tsx';
import { NoteDialog, type NoteWish } from '../pages/notes/note-dialog.tsx';
import { useKeys } from '../state/use-keys.ts';
import { useNotes } from './use-notes.ts';
import type { Selected } from './use-selected.ts';

/** The notes of a page's charts: what is drawn, what makes and opens them, and the dialog. */
export interface ChartNotes {
  readonly notes: readonly ChartNote[];
  /** undefined: the caller may not write any here. */
  readonly onNewNote: ((from: number, to: number | null) => void) | undefined;
  /** Makes a note at the crosshair, or now; `isTapped`: at the step where it was last, since a tap elsewhere takes it away. */
  readonly newNote: (isTapped: boolean) => void;
  readonly onOpenNote: (id: string) => void;
  /** The chart tells where its crosshair stands (epoch ms); `n` makes a note there. */
  readonly onCrosshair: (at: number | null) => void;
  readonly dialog: ComponentChildren;
}

/** Asks for the notes of a selection, and cares for the dialog about them. `isAsked` false waits. */
export const useNoteDialog = ({ site, period }: Selected, isAsked: boolean): ChartNotes => {
  const [wish, setWish] = useState<NoteWish | null>(null);
  const crosshair = useRef<number | null>(null);
  const tapped = useRef<number | null>(null);
  const { notes, mayWrite, reload } = useNotes(site, period, isAsked);
  const onNewNote = (from: number, to: number | null): void => setWish({ kind: 'new', from, to, site });
  const newNote = (isTapped: boolean): void => {
    const at = isTapped ? tapped.current : crosshair.current;
    onNewNote(at ?? Math.min(Date.now(), period.to - 1), null);
  };
  useKeys(
    mayWrite
      ? [
          {
            keys: 'n',
            words: 'New note at the crosshair',
            group: 'Charts',
            run: () => newNote(false),
          },
        ]
      : [],
  );
  return {
    notes,
    onNewNote: mayWrite ? onNewNote : undefined,
    newNote,
    onOpenNote: (id) => setWish({ kind: 'open', id }),
    onCrosshair: (at) => {
      crosshair.current = at;
      tapped.current = at ?? tapped.current;
    },
    dialog: <NoteDialog wish={wish} onClose={() => setWish(null)} onChange={reload} />,
  };
};
