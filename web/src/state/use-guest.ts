import { useApp } from './app-state.ts';

/** Is it somebody without an account, who opened a share link? */
export const useGuest = (): boolean => {
  const state = useApp().session.state.value;
  return state.kind === 'signed-in' && state.account === 'share';
};
