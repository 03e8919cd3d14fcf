import { accounts } from '../api/accounts.ts';
import { useApp } from './app-state.ts';
import { useGuest } from './use-guest.ts';
import { useRequest } from './use-request.ts';

/** To what whoever opened a share link is held; null: a person, or not known yet. The server holds to it, this only says so. */
export const useLock = () => {
  const { session } = useApp();
  const state = session.state.value;
  const isGuest = useGuest();
  return useRequest(isGuest && state.kind === 'signed-in' ? accounts.lock(state.home.id) : null).data ?? null;
};
