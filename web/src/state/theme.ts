import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { Storage } from './storage.ts';

/** What somebody chose. */
export type ThemeChoice = 'system' | 'light' | 'dark';

/** Colours of the application. */
export interface Theme {
  readonly choice: ReadonlySignal<ThemeChoice>;
  /** What is shown; charts on canvas draw again when it changes. */
  readonly shown: ReadonlySignal<'light' | 'dark'>;
  choose(choice: ThemeChoice): void;
}

const NAME = 'theme';

/** Follows the system until somebody chooses; `public/theme.js` sets the choice before the first paint. */
export const createTheme = (page: Window, storage: Storage): Theme => {
  const stored = storage.read(NAME);
  const choice = signal<ThemeChoice>(stored === 'light' || stored === 'dark' ? stored : 'system');
  const prefersDark = page.matchMedia('(prefers-color-scheme: dark)');
  const systemIsDark = signal(prefersDark.matches);
  prefersDark.addEventListener('change', (event) => {
    systemIsDark.value = event.matches;
  });
  return {
    choice,
    shown: computed(() => {
      if (choice.value !== 'system') return choice.value;
      return systemIsDark.value ? 'dark' : 'light';
    }),
    choose: (next) => {
      choice.value = next;
      storage.write(NAME, next === 'system' ? null : next);
      if (next === 'system') delete page.document.documentElement.dataset['theme'];
      else page.document.documentElement.dataset['theme'] = next;
    },
  };
};
