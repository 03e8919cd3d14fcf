import { Button } from '../parts/button.tsx';
import type { ChartNotes } from './use-note-dialog.tsx';

/** Makes a note without keys or a mouse: at the step that was tapped last, or now. Nothing for those who may not write one. */
export const NoteButton = ({ notes: { onNewNote, newNote } }: { readonly notes: ChartNotes }) =>
  onNewNote === undefined ? null : (
    <Button
      kind="quiet"
      icon="notes"
      label="New note"
      aria-keyshortcuts="n"
      onClick={(event) => newNote((event as Partial<PointerEvent>).pointerType === 'touch')}
    />
  );
