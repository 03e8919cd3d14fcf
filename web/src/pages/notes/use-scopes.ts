import { useApp } from '../../state/app-state.ts';
import type { WritableScope } from './note-draft.ts';
import { writableScopes } from './scopes.ts';

/** Scopes that the caller may write in the organization shown, the most common first; empty: no notes. */
export const useScopes = (): readonly WritableScope[] => {
  const { access, session, organization } = useApp();
  const state = session.state.value;
  const isUmbrella =
    state.kind === 'signed-in' && organization.value?.isHome === true && state.organizations.length > 1;
  return writableScopes(access, isUmbrella);
};
