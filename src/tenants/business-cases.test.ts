import { describe, expect, it } from 'vitest';
import { parseUsersMap } from './parse.ts';
import type { NamedModule, RequestFacts, Resolution, ServingModule } from './resolution-contract.ts';
import { resolveTenant } from './resolution.ts';
import { createSnapshot, type Snapshot } from './snapshot.ts';

/**
 * The business cases of consortia. C = `central`, M1/M2 = `member1`/`member2` of the same consortium, `own_kb` a member with its
 * own EBSCO account, A, B = `alpha`, `beta` (A's requests may be executed for B), X = `loner` in no consortium, Y = another
 * consortium, `library` one whose people need an account at C. Cases that are decided elsewhere (login, module) say what resolution does there.
 */
const MAP = `
- user: { prefix: central }
- user: { prefix: member1 }
- user: { prefix: member2 }
- user: { prefix: own_kb }
- user: { prefix: alpha }
- user: { prefix: beta }
- user: { prefix: north }
- user: { prefix: south }
- user: { prefix: group_b }
- user: { prefix: group_c }
- user: { prefix: loner }
- user: { prefix: y_central }
- user: { prefix: y_member }
- user: { prefix: leaver }
- user: { prefix: library }
- relation:
    tenant: member1
    executes_as: central
    modules: [notes, eholdings, search, consortia, inventory, orders, catalogue]
    when:
      - { method: POST, path: /note-types, tenant: central }
      - { method: GET, path: /note-types, tenant: central }
      - { path: /catalogue/*, tenant: central }
- relation: { tenant: member1, executes_as: member2, modules: [notes, inventory] }
- relation: { tenant: central, executes_as: [member1, member2], modules: [notes, inventory, consortia, orders] }
- relation: { tenant: own_kb, executes_as: central, modules: [eholdings] }
- relation: { tenant: alpha, executes_as: beta, modules: [two] }
- relation: { tenant: north, executes_as: group_b, modules: [eholdings] }
- relation: { tenant: south, executes_as: group_c, modules: [eholdings] }
- relation: { tenant: y_member, executes_as: y_central, modules: [notes, inventory] }
- relation: { tenant: library, executes_as: central, modules: [eholdings], requires_account: true }
- relation: { tenant: leaver, executes_as: central, modules: [notes], when: [{ path: /note-types, tenant: central }], expire: 2030-01-01 }
`;

const module = (name: string, executesIn: ServingModule['executesIn'] = 'requested'): ServingModule => ({
  id: `mod-${name}-1.0.0`,
  product: `mod-${name}`,
  interfaces: [name],
  executesIn,
});
const notes = module('notes');
const eholdings = module('eholdings');
const users = module('users', 'origin');

/** Which paths begin how, and which module answers them. */
const MODULES: Readonly<Record<string, ServingModule>> = {
  '/notes': notes,
  '/note-types': notes,
  '/eholdings': eholdings,
  '/users': users,
  '/configurations': module('configuration'),
  '/search': module('search'),
  '/consortia': module('consortia'),
  '/inventory': module('inventory'),
  '/orders': module('orders'),
  '/authn': module('login'),
  '/catalogue': module('catalogue'),
  '/one': module('one'),
  '/two': module('two'),
};
const EVERYWHERE = ['/users', '/configurations', '/authn', '/inventory'];
const ENABLED: Readonly<Record<string, readonly string[]>> = {
  central: ['/notes', '/note-types', '/eholdings', '/consortia', '/orders', '/search'],
  member1: ['/notes', '/note-types', '/search', '/catalogue'],
  member2: ['/notes', '/note-types'],
  own_kb: ['/eholdings', '/notes'],
  alpha: ['/one'],
  beta: ['/two'],
  group_b: ['/eholdings'],
  group_c: ['/eholdings'],
  loner: ['/notes', '/note-types'],
  library: ['/notes'],
  y_central: ['/notes'],
  y_member: ['/notes'],
  leaver: ['/notes', '/note-types'],
};

const NOW = Date.parse('2029-06-01T12:00:00Z');

const load = (text: string): Snapshot => {
  const map = parseUsersMap(text);
  expect(map.problems).toEqual([]);
  return createSnapshot('test', NOW, map.tenants, map.relations);
};

interface Request extends Partial<Omit<RequestFacts, 'query'>> {
  readonly from: string | null;
  readonly to: string;
  readonly path: string;
}

const resolve = ({ from, to, path, ...more }: Request, snapshot = load(MAP)): Resolution =>
  resolveTenant(
    {
      originTenant: from,
      requestedTenant: to,
      method: 'GET',
      path,
      query: new URLSearchParams(),
      now: NOW,
      ...more,
    },
    {
      snapshot,
      modulesServing: (tenant) => {
        const start = `/${path.split('/')[1]}`;
        const isEnabled = EVERYWHERE.includes(start) || (ENABLED[tenant]?.includes(start) ?? false);
        return isEnabled ? MODULES[start] : undefined;
      },
    },
  );

const caller = (called: NamedModule): Pick<RequestFacts, 'moduleOfCaller'> => ({ moduleOfCaller: called });

/** `central by member1#1.when[0]`, or `403 TENANT_NOT_ALLOWED`. */
const outcome = (resolution: Resolution): string => {
  if (resolution.kind === 'execute') {
    const whom = resolution.relation?.requiresAccount === true ? ' for those with an account' : '';
    return `${resolution.tenant} by ${resolution.rule}${whom}`;
  }
  return resolution.kind === 'refuse' ? `${resolution.status} ${resolution.code}` : resolution.kind;
};

const CASES: readonly (readonly [number, string, Request, string])[] = [
  [
    1,
    'a tenant in no consortium stays itself',
    { from: 'loner', to: 'loner', path: '/notes' },
    'loner by requested',
  ],
  [
    2,
    'a login at the single entry is answered there; it finds the home of the user (test/integration/okapi/login.test.ts)',
    { from: null, to: 'central', path: '/authn/login', method: 'POST' },
    'central by requested',
  ],
  [
    3,
    'work in the own library stays there',
    { from: 'member1', to: 'member1', path: '/notes' },
    'member1 by requested',
  ],
  [
    4,
    'note types are written at the consortium',
    { from: 'member1', to: 'member1', path: '/note-types', method: 'POST' },
    'central by member1#1.when[0]',
  ],
  [
    5,
    'reading note types has a rule of its own',
    { from: 'member1', to: 'member1', path: '/note-types' },
    'central by member1#1.when[1]',
  ],
  [
    6,
    'the limit is read in the tenant that notes runs in',
    { from: 'member1', to: 'central', path: '/configurations/entries', ...caller(notes) },
    'central by callback',
  ],
  [
    7,
    'the creator is found at home although notes runs at the consortium',
    { from: 'member1', to: 'central', path: '/users/7', ...caller(notes) },
    'member1 by origin',
  ],
  [
    8,
    'the shared subscription is executed for the central tenant',
    { from: 'member1', to: 'member1', path: '/eholdings/packages' },
    'central by only-candidate',
  ],
  [
    9,
    'a member with its own account keeps it',
    { from: 'own_kb', to: 'own_kb', path: '/eholdings/packages' },
    'own_kb by requested',
  ],
  [
    10,
    'some use one knowledge base',
    { from: 'north', to: 'north', path: '/eholdings/packages' },
    'group_b by only-candidate',
  ],
  [
    10,
    'others use the other',
    { from: 'south', to: 'south', path: '/eholdings/packages' },
    'group_c by only-candidate',
  ],
  [
    11,
    'without a replacement the request is refused',
    { from: 'beta', to: 'beta', path: '/one' },
    '404 TENANT_NO_MODULE',
  ],
  [
    12,
    'switching the affiliation is respected',
    { from: 'member1', to: 'member2', path: '/notes' },
    'member2 by named',
  ],
  [
    13,
    'a tenant without affiliation is refused',
    { from: 'member2', to: 'member1', path: '/notes' },
    '403 TENANT_NOT_ALLOWED',
  ],
  [
    14,
    'another consortium is refused, although both are in one',
    { from: 'member1', to: 'y_central', path: '/notes' },
    '403 TENANT_NOT_ALLOWED',
  ],
  [
    15,
    'a shared instance is opened where the caller says, and no rule maps it back',
    { from: 'member1', to: 'central', path: '/inventory/instances/1' },
    'central by named',
  ],
  [
    16,
    'holdings of a shared instance stay with the member',
    { from: 'member1', to: 'member1', path: '/inventory/holdings' },
    'member1 by requested',
  ],
  [
    17,
    "the consolidated search is the module's matter: it runs for the member",
    { from: 'member1', to: 'member1', path: '/search/instances' },
    'member1 by requested',
  ],
  [
    18,
    'sharing is executed by the module that only the central tenant has',
    { from: 'member1', to: 'member1', path: '/consortia/1/sharing', method: 'POST' },
    'central by only-candidate',
  ],
  [
    18,
    'and its calls to the member reach the member',
    {
      from: 'member1',
      to: 'member1',
      path: '/inventory/instances',
      explicit: true,
      ...caller(module('consortia')),
    },
    'member1 by requested',
  ],
  [
    19,
    'each request of a fan-out is executed where it is sent',
    { from: 'central', to: 'member2', path: '/notes', explicit: true, ...caller(module('consortia')) },
    'member2 by named',
  ],
  [
    20,
    'central orders stay central',
    { from: 'central', to: 'central', path: '/orders' },
    'central by requested',
  ],
  [
    20,
    'receiving looks at the central tab by name',
    { from: 'member1', to: 'central', path: '/orders' },
    'central by named',
  ],
  [
    21,
    'a system call has no user, so no relation moves it',
    { from: null, to: 'member1', path: '/note-types', method: 'POST' },
    'member1 by requested',
  ],
  [
    22,
    'an edge key with another tenant needs the affiliation',
    { from: 'central', to: 'member1', path: '/inventory/items' },
    'member1 by named',
  ],
  [
    22,
    'and is refused without it',
    { from: 'loner', to: 'member1', path: '/inventory/items' },
    '403 TENANT_NOT_ALLOWED',
  ],
  [
    23,
    'anonymous endpoints need no user',
    { from: null, to: 'member1', path: '/authn/login' },
    'member1 by requested',
  ],
  [
    23,
    'and an anonymous request is not lent to another tenant',
    { from: null, to: 'member1', path: '/eholdings/packages' },
    '404 TENANT_NO_MODULE',
  ],
  [
    24,
    'patrons have no accounts at the central tenant, so a relation can ask for one (test/integration/okapi/authtoken.test.ts)',
    { from: 'library', to: 'library', path: '/eholdings/titles' },
    'central by only-candidate for those with an account',
  ],
  [
    25,
    'a callback inside a replaced request stays where it is',
    { from: 'alpha', to: 'beta', path: '/two', ...caller(module('two')) },
    'beta by callback',
  ],
  [
    26,
    'a module that only the origin has is called there',
    { from: 'alpha', to: 'beta', path: '/one', ...caller(module('two')) },
    'alpha by requested',
  ],
  [
    27,
    'a rule whose tenant lacks the module is refused, the own module is no way around it',
    { from: 'member1', to: 'member1', path: '/catalogue/1' },
    '404 TENANT_RULE_UNSERVED',
  ],
  [
    28,
    'before a tenant leaves, its rule holds',
    { from: 'leaver', to: 'leaver', path: '/note-types' },
    'central by leaver#10.when[0]',
  ],
  [
    28,
    'from the instant its relation expires it stays at home',
    { from: 'leaver', to: 'leaver', path: '/note-types', now: Date.parse('2030-01-02T00:00:00Z') },
    'leaver by requested',
  ],
];

describe('the business cases of consortia', () => {
  it.each(CASES)('%i: %s', (_, __, request, expected) => {
    expect(outcome(resolve(request))).toBe(expected);
  });
});
