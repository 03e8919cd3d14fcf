import { type ReadonlySignal, signal } from '@preact/signals';

/** A sentence about what was done, with perhaps a way back. */
export interface Toast {
  readonly id: number;
  readonly sentence: string;
  readonly action?: { readonly words: string; readonly run: () => void };
}

/** The sentences at the edge of the window. */
export interface Toasts {
  readonly list: ReadonlySignal<readonly Toast[]>;
  /** Says it; goes away by itself, later when there is something to press. */
  say(sentence: string, action?: Toast['action']): void;
  dismiss(id: number): void;
}

const SHOWN_MS = 5_000;
const SHOWN_WITH_ACTION_MS = 12_000;
/** Older ones make place. */
const MOST = 3;

/** Creates the list. */
export const createToasts = (): Toasts => {
  const list = signal<readonly Toast[]>([]);
  let count = 0;
  const dismiss = (id: number): void => {
    list.value = list.value.filter((toast) => toast.id !== id);
  };
  return {
    list,
    dismiss,
    say: (sentence, action) => {
      count += 1;
      const id = count;
      list.value = [...list.value, { id, sentence, ...(action && { action }) }].slice(-MOST);
      setTimeout(() => dismiss(id), action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS);
    },
  };
};
