import { afterEach } from 'vitest';
import type { AuditSink } from '#gateway';
import { authModule, type Seen, spyModule, startWorld, type World } from './gateway-world.ts';

/** An agency that acts for a shop and a paper by rules, which look at the query and at the body; and a stranger. */
const agency = `
- user: { prefix: agency, expire: 2028-01-01 }
- user: { prefix: shop, brum_trace: SHOP123, expire: 2028-01-01 }
- user: { prefix: news, brum_trace: NEWS123, expire: 2028-01-01 }
- user: { prefix: stranger, brum_trace: OTHER12, expire: 2028-01-01 }
- relation:
    tenant: agency
    executes_as: [shop, news]
    modules: [mod-notes]
    when:
      - { query: { site: shop.example }, tenant: shop }
      - { method: POST, path: /notes, body: { domain: press }, tenant: news }
    permissions: [notes.*]
    expire: 2027-12-31
`;

const notes = {
  id: 'mod-notes-1.0.0',
  provides: [
    {
      id: 'notes',
      version: '1.0',
      handlers: [
        { methods: ['GET'], pathPattern: '/notes', permissionsRequired: ['notes.get'] },
        { methods: ['POST'], pathPattern: '/notes', permissionsRequired: ['notes.post'] },
        { methods: ['GET'], pathPattern: '/notes/{id}', permissionsRequired: [] },
      ],
    },
  ],
};

/** The gateway of the running test. */
export let world: World;
/** What the notes module was called with in the running test. */
export const seen: Seen[] = [];
afterEach(async () => {
  seen.length = 0;
  headersOfNotes = {};
  await world.stop();
});

let headersOfNotes: Readonly<Record<string, string>> = {};
/** Says what the notes answer with from now on, besides their type. */
export const answerWith = (headers: Readonly<Record<string, string>>): void => {
  headersOfNotes = headers;
};

/** Starts the gateway: notes for everybody but the agency, whose users have all rights at home. */
export const start = async (audit?: AuditSink): Promise<void> => {
  const modules = [
    authModule(() => ['notes.get', 'notes.post']),
    spyModule(notes, seen, () => ({
      status: 201,
      headers: { 'content-type': 'application/json', ...headersOfNotes },
      body: '{}',
    })),
  ];
  world = await startWorld(agency, modules, {}, 'in process', audit);
  for (const tenant of ['agency', 'shop', 'news', 'stranger']) world.store.enable(tenant, 'mod-auth-1.0.0');
  for (const tenant of ['shop', 'news', 'stranger']) world.store.enable(tenant, 'mod-notes-1.0.0');
};
