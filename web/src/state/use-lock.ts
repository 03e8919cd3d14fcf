import { accounts } from '../api/accounts.ts';
import { useApp } from './app-state.ts';
import { useRequest } from './use-request.ts';

/** To what whoever opened a share link is held; null: a person, or not known yet. The server holds to it, this only says so. */
export const useLock = () => {
  const { session } = useApp();
  const state = session.state.value;
  const isGuest = state.kind === 'signed-in' && state.account === 'share';
  return useRequest(isGuest ? accounts.lock(state.home.id) : null).data ?? null;
};
