import { useLayoutEffect, useRef } from 'preact/hooks';
import { useApp } from './app-state.ts';
import type { KeyBinding } from './keys.ts';

/** Binds keys as long as the component is there. The bindings' functions may change with each drawing; their keys are those of the first. */
export const useKeys = (bindings: readonly KeyBinding[]): void => {
  const { keys } = useApp();
  const current = useRef(bindings);
  current.current = bindings;
  const names = bindings.map((binding) => binding.keys).join('\n');
  // Before the next paint: who types fast means the page that comes.
  useLayoutEffect(
    () =>
      keys.bind(
        current.current.map((binding) => ({
          ...binding,
          run: () => current.current.find((one) => one.keys === binding.keys)?.run(),
        })),
      ),
    [keys, names],
  );
};
