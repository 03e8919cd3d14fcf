import type { Module } from '#gateway/contract';
import { createAuthorise } from '../../src/modules/authtoken/authorise.ts';
import { ENDED_SESSION, REVOKED_USER, userOf } from './gateway-tokens.ts';
import { idOf, type State } from './gateway-worlds.ts';

/** What every user holds at home. */
export const HELD = ['one.get', 'two.get', 'chain.get', 'home.get', 'extra.get'];
/** What an account holds that a tenant has made for somebody else. */
export const GRANTED = ['one.get', 'abroad.get'];

/** The product's own judgement, over tables of this state. */
export const judge = (state: () => State, revoked: ReadonlySet<string>): NonNullable<Module['authorise']> => {
  const accountIn = (tenant: string) => Object.entries(state().accounts).find(([id]) => id === tenant)?.[1];
  return createAuthorise({
    isActive: () => Promise.resolve(true),
    heldBy: (tenant, userId) => {
      const isOwn = userId === userOf(tenant) || userId === REVOKED_USER;
      const held = isOwn ? HELD : accountIn(tenant) === 'none' ? null : GRANTED;
      return Promise.resolve(held && new Set(held));
    },
    hasShadow: (tenant, userId, origin) =>
      Promise.resolve(accountIn(tenant) === 'shadow' && userId === userOf(origin)),
    voidBefore: (_tenant, userId) => Promise.resolve(revoked.has(userId) ? Infinity : 0),
    isEnded: (_tenant, _userId, sessionId) => Promise.resolve(sessionId === ENDED_SESSION),
  });
};

/** A module that answers `/name` and `/name/{id}`. */
export const descriptor = (name: string): unknown => ({
  id: idOf(name),
  provides: [
    {
      id: name,
      version: '1.0',
      handlers: [
        {
          methods: ['GET', 'POST'],
          pathPattern: `/${name}`,
          permissionsRequired: [`${name}.get`],
          permissionsDesired: ['*'],
          modulePermissions: name === 'chain' ? ['two.get'] : [],
        },
        { methods: ['GET', 'POST'], pathPattern: `/${name}/{id}`, permissionsRequired: [`${name}.get`] },
      ],
    },
  ],
  ...(name === 'home' ? { metadata: { tenantResolution: { executesIn: 'origin' } } } : {}),
});

/** A module with a `pre` and a `post` filter for all requests. */
export const filterDescriptor = (name: string): unknown => ({
  id: idOf(name),
  filters: ['pre', 'post'].map((phase) => ({
    methods: ['GET', 'POST'],
    pathPattern: '/*',
    phase,
    type: 'headers',
  })),
});
