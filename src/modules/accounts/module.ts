import type { Module } from '#gateway/contract';
import { apiKeyHandlers } from './api-keys.ts';
import type { AccountDeps } from './deps.ts';
import { accountsDescriptor } from './descriptor.ts';
import { invitationHandlers } from './invitations.ts';
import { meHandlers } from './me.ts';
import { peopleHandlers } from './people.ts';
import { shareHandlers } from './shares.ts';

/** The accounts module: who the caller is, the people of an organization and their roles, invitations, API keys, share links. */
export const createAccountsModule = (deps: AccountDeps): Module => ({
  descriptor: accountsDescriptor,
  handlers: {
    ...meHandlers(deps),
    ...peopleHandlers(deps),
    ...invitationHandlers(deps),
    ...apiKeyHandlers(deps),
    ...shareHandlers(deps),
  },
});
