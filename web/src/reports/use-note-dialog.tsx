import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import type { Selected } from './use-selected.ts';

/** Notes of a chart: what makes and opens them, and the dialog when one is open. */
export interface NoteDialogState {
  readonly onNewNote: ((from: number, to: number | null) => void) | undefined;
  readonly onOpenNote: ((id: string) => void) | undefined;
  readonly dialog: ComponentChildren;
}

/** The dialog of the notes for charts of a selection. */
export const useNoteDialog = (_selected: Selected): NoteDialogState => {
  useState(null);
  return { onNewNote: undefined, onOpenNote: undefined, dialog: null };
};
