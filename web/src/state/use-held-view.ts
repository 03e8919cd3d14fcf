import { useEffect } from 'preact/hooks';
import type { LockedSelection } from '../api/accounts.ts';
import { useApp } from './app-state.ts';
import { heldView } from './shared-view.ts';

/** Brings the address back to what a lock holds, so that a page never says that it shows something else than the server does. */
export const useHeldView = (lock: LockedSelection | null): void => {
  const { router } = useApp();
  const { view } = router.address.value;
  useEffect(() => {
    if (lock === null) return;
    const held = heldView(lock);
    const isHeld = (Object.keys(held) as (keyof typeof held)[]).every(
      (key) => JSON.stringify(view[key]) === JSON.stringify(held[key]),
    );
    if (!isHeld) router.setView(held, { replace: true });
  }, [lock, view]);
};
