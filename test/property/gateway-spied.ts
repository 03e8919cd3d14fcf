import { setImmediate } from 'node:timers/promises';
import type { Module, ModuleRequest, ModuleResponse } from '#gateway/contract';
import {
  authModule,
  type Hosting,
  type Received,
  type Seen,
  spyModule,
  startWorld,
  type World,
} from '../support/gateway-world.ts';
import { type Asked, CANARY, requestOf } from './gateway-asked.ts';
import { descriptor, filterDescriptor, judge } from './gateway-modules.ts';
import { REVOKED_USER } from './gateway-tokens.ts';
import { emptyState, FILTERS, idOf, MODULES, mapOf, type State, TENANTS } from './gateway-worlds.ts';

/** A gateway with spies, whose state can be set as often as one likes. */
export interface Spied {
  readonly options: SpiedOptions;
  readonly world: World;
  readonly seen: Seen[];
  /** What the audit was told: which request, and how many calls for another tenant than the caller's it had made by then. */
  readonly audited: Audited[];
  /** Whether the audit can be written. */
  auditWorks(works: boolean): void;
  /** Users whose tokens are void from now on. */
  readonly revoked: Set<string>;
  /** Called while a handler is at work, before it calls others. */
  during: (request: ModuleRequest, module: string) => void;
  set(state: State): void;
  /** Sends a request. */
  send(request: Asked, more?: Readonly<Record<string, string>>): Promise<Received>;
  /** The answer, without what differs by time. */
  ask(request: Asked): Promise<Plain>;
}

export interface Audited {
  readonly requestId: string;
  readonly tenant: string;
  readonly relation: string | null;
  readonly rule: string;
  readonly callsBefore: number;
}

/** An answer of which nothing differs from one time to the next. */
export interface Plain {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** How a gateway is made. */
export interface SpiedOptions {
  readonly hosting?: Hosting;
  /** Makes another order of the modules; the same for a tenant's list of them. */
  readonly order?: <T>(items: readonly T[]) => readonly T[];
  /** What a handler answers; `then`: what another module answered it. */
  readonly answer?: (name: string, request: ModuleRequest, then: string) => ModuleResponse;
}

/** Starts one. */
export const startSpied = async (first: State = emptyState, options: SpiedOptions = {}): Promise<Spied> => {
  const { hosting = 'in process', order = (items) => items, answer = inWords } = options;
  let state = first;
  let auditWorks = true;
  const seen: Seen[] = [];
  const audited: Audited[] = [];
  const revoked = new Set([REVOKED_USER]);

  const handle = async (name: string, request: ModuleRequest): Promise<ModuleResponse> => {
    spied.during(request, name);
    const to = next[name];
    if (to === undefined) return answer(name, request, '');
    const trail = [request.headers['x-trail'], idOf(name)].filter((id) => id !== undefined).join('>');
    const then = await request.call({ method: 'GET', path: to, headers: { 'x-trail': trail } });
    return answer(name, request, `${then.status} ${then.text()}`);
  };
  const filter = (name: (typeof FILTERS)[number], { tenant, headers }: ModuleRequest): ModuleResponse => {
    const isPost = headers['x-okapi-filter']?.startsWith('post ');
    const drawn = Object.entries(state.wishes[name]).find(([id]) => id === tenant)?.[1];
    // After the handler it is too late, and these filters ask for it all the same.
    const wish = isPost ? TENANTS.find((id) => id !== tenant && id !== 'aa') : drawn;
    const made = { 'x-okapi-user-id': CANARY, x_okapi_permissions: CANARY, 'x-okapi-token': CANARY };
    return { status: 200, headers: wish ? { ...made, 'x-okapi-tenant': wish } : made, body: 'of a filter' };
  };
  const modules: Module[] = [
    { ...authModule(() => []), authorise: judge(() => state, revoked) },
    ...MODULES.map((name) => spyModule(descriptor(name), seen, (request) => handle(name, request))),
    ...FILTERS.map((name) => spyModule(filterDescriptor(name), seen, (request) => filter(name, request))),
  ];
  const world = await startWorld(mapOf(first), order(modules), {}, hosting, async (entry) => {
    // Who does not wait for the audit has called by then.
    await setImmediate();
    if (!auditWorks) throw new Error('the audit is down');
    const { requestId, tenant, relation, rule } = entry;
    const before = seen.filter(
      ({ headers, tenant: at }) => headers['x-okapi-request-id'] === requestId && at !== entry.originTenant,
    );
    audited.push({ requestId, tenant, relation, rule, callsBefore: before.length });
    return null;
  });

  const set = (wanted: State): void => {
    state = wanted;
    world.map(mapOf(wanted));
    for (const tenant of TENANTS) {
      const on = [
        'mod-auth-1.0.0',
        ...wanted.enabled[tenant].map(idOf),
        ...FILTERS.filter((name) => wanted.wishes[name][tenant] !== null).map(idOf),
      ];
      world.store.disable(tenant, ...[...MODULES, ...FILTERS].map(idOf).filter((id) => !on.includes(id)));
      for (const id of order(on)) world.store.enable(tenant, id);
    }
  };
  const send: Spied['send'] = (request, more) => world.send(requestOf(request, world, more));
  const spied: Spied = {
    options,
    world,
    seen,
    audited,
    auditWorks: (works) => {
      auditWorks = works;
    },
    revoked,
    during: () => undefined,
    set,
    send,
    ask: async (request) => timeless(await send(request)),
  };
  set(first);
  return spied;
};

/** Takes off what differs from one time to the next. */
export const timeless = ({ status, headers, text }: Received): Plain => {
  const { date: _date, 'x-okapi-request-id': _id, ...same } = headers;
  return { status, headers: same, text };
};

/** Runs one gateway for a whole property, so that what it has learned in one world can do harm in the next. */
export const withSpied = async (
  check: (spied: Spied) => Promise<void>,
  options: SpiedOptions = {},
): Promise<void> => {
  const spied = await startSpied(emptyState, options);
  try {
    await check(spied);
  } finally {
    await spied.world.stop();
  }
};

const next: Readonly<Record<string, string>> = { two: '/one', chain: '/two' };

const inWords = (name: string, { tenant }: ModuleRequest, then: string): ModuleResponse => ({
  status: 200,
  body: `${name} in ${tenant}; ${then}`,
});
