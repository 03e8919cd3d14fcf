import { type ReadonlySignal, signal } from '@preact/signals';
import type { Storage } from './storage.ts';

/** A key, or two after each other, that does something. */
export interface KeyBinding {
  /** `d`, `g o`, `?`, `Escape`, `shift+Escape`, `mod+k` (Ctrl or ⌘), `ArrowLeft`. */
  readonly keys: string;
  /** What it does, for the help. */
  readonly words: string;
  readonly group: string;
  readonly run: () => void;
}

/** Keys of the application. */
export interface Keys {
  readonly bindings: ReadonlySignal<readonly KeyBinding[]>;
  /** Single letters can be switched off, for those who dictate (WCAG 2.1.4). */
  readonly isOn: ReadonlySignal<boolean>;
  setOn(isOn: boolean): void;
  /** Adds keys until the returned function is called; later ones win. */
  bind(bindings: readonly KeyBinding[]): () => void;
}

const NAME = 'keys';
/** How long the second key of two may take. */
const SECOND_MS = 1_500;

/** Listens to the window's keys. */
export const createKeys = (page: Window, storage: Storage): Keys => {
  const bindings = signal<readonly KeyBinding[]>([]);
  const isOn = signal(storage.read(NAME) !== 'off');
  let pending = { key: '', at: 0 };

  page.document.addEventListener('keydown', (event) => {
    const key = nameOf(event);
    if (key === null || event.defaultPrevented || event.isComposing || event.repeat) return;
    const hasModifier = key.startsWith('mod+') || key.startsWith('shift+');
    if (!hasModifier && (!isOn.value || isTyping(event.target) || isInDialog(page))) return;
    const first = Date.now() - pending.at < SECOND_MS ? pending.key : '';
    const step = advance(bindings.value, first, key);
    pending = { key: step.pending, at: Date.now() };
    if (step.binding === null) return;
    event.preventDefault();
    step.binding.run();
  });
  return {
    bindings,
    isOn,
    setOn: (on) => {
      isOn.value = on;
      storage.write(NAME, on ? null : 'off');
    },
    bind: (added) => {
      bindings.value = [...bindings.value, ...added];
      return () => {
        bindings.value = bindings.value.filter((binding) => !added.includes(binding));
      };
    },
  };
};

/** What a key means after `first` (empty: nothing before): a binding, or the beginning of one. */
export const advance = (
  bindings: readonly KeyBinding[],
  first: string,
  key: string,
): { readonly binding: KeyBinding | null; readonly pending: string } => {
  const find = (keys: string): KeyBinding | undefined =>
    bindings.findLast((binding) => binding.keys === keys);
  const binding = (first === '' ? undefined : find(`${first} ${key}`)) ?? find(key) ?? null;
  const begins = bindings.some(({ keys }) => keys.startsWith(`${key} `));
  return { binding, pending: binding === null && begins ? key : '' };
};

/** The name of a key as bindings write it; null for a modifier alone or a combination that belongs to the browser. */
export const nameOf = (
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string | null => {
  const { key, ctrlKey, metaKey, altKey, shiftKey } = event;
  if (['Shift', 'Control', 'Alt', 'Meta', 'Dead'].includes(key) || altKey) return null;
  if (ctrlKey || metaKey) return shiftKey ? null : `mod+${key.toLowerCase()}`;
  if (key.length > 1) return shiftKey ? `shift+${key}` : key;
  return key >= 'A' && key <= 'Z' ? (shiftKey ? null : key.toLowerCase()) : key;
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'));

const isInDialog = (page: Window): boolean =>
  page.document.querySelector('dialog[open], [popover]:popover-open') !== null;
