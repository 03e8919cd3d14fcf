import type { Organization } from '../../../api/session.ts';
import { useApp } from '../../../state/app-state.ts';

/** The organization where the signed-in person belongs; undefined before anybody has signed in. */
export const useHome = (): Organization | undefined => {
  const state = useApp().session.state.value;
  return state.kind === 'signed-in' ? state.home : undefined;
};
