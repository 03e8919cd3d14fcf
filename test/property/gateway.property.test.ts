import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Seen } from '../support/gateway-world.ts';
import {
  asked,
  CANARY,
  type DrawnRelation,
  HELD,
  type Name,
  type Spied,
  type State,
  startSpied,
  state,
  TENANTS,
} from './gateway-scenes.ts';

/** Worlds per property; each has some requests over HTTP. The long form (`npm run test:long`) is RUMBRELLA_GATEWAY_RUNS=100000. */
const RUNS = Number(process.env['RUMBRELLA_GATEWAY_RUNS'] ?? 400);

const claimsOf = (call: Seen): Record<string, unknown> => {
  const token = call.headers['x-okapi-token'] ?? '';
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<
    string,
    unknown
  >;
};

interface Actor {
  readonly sub: string;
  readonly act?: Actor;
}

/** Modules that called on the way to this call, as its token says. */
const actorsOf = (call: Seen): readonly string[] => {
  const actors: string[] = [];
  for (let actor = claimsOf(call)['act'] as Actor | undefined; actor !== undefined; actor = actor.act)
    actors.push(actor.sub);
  return actors;
};

/** Relations in force from the user's tenant to that of a call, that name its module or one that called it: what a module asks of its neighbours is asked where it works. */
const bridges = ({ relations }: State, from: Name, call: Seen): readonly DrawnRelation[] => {
  const named = [call.module, ...actorsOf(call)].map((id) => id.replace(/-1\.0\.0$/, ''));
  return relations.filter(
    (each) =>
      each.open &&
      each.tenant === from &&
      each.executesAs.some((name) => name === call.tenant) &&
      each.modules.some((name) => named.includes(name)),
  );
};

const matches = (name: string, pattern: string): boolean =>
  pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

/** Runs one gateway for a whole property, so that what it has learned in one world can do harm in the next. */
const withSpied = async (check: (spied: Spied) => Promise<void>): Promise<void> => {
  const spied = await startSpied({ enabled: { aa: [], bb: [], cc: [], dd: [] }, relations: [] });
  try {
    await check(spied);
  } finally {
    await spied.world.stop();
  }
};

const requests = fc.array(asked, { minLength: 1, maxLength: 4 });

describe('in any world, whatever is asked', () => {
  const everyCall = (name: string, check: (call: Seen, from: Name | null, world: State) => void): void =>
    test(name, () =>
      withSpied(async (spied) => {
        await fc.assert(
          fc.asyncProperty(state, requests, async (world, all) => {
            spied.set(world);
            for (const request of all) {
              spied.seen.length = 0;
              await spied.ask(request);
              for (const call of spied.seen) check(call, request.from, world);
            }
          }),
          { numRuns: RUNS },
        );
      }),
    );

  everyCall('a module works only for tenants that have it enabled', (call, _from, world) => {
    const name = call.module.replace(/^mod-|-1\.0\.0$/g, '');
    expect(world.enabled[call.tenant as Name]).toContain(name);
  });

  everyCall('a module works for the own tenant, or for one that a relation reaches', (call, from, world) => {
    if (from === null || call.tenant === from) return;
    expect(bridges(world, from, call)).not.toEqual([]);
  });

  everyCall('header and token name the same tenant and user', (call, from) => {
    const claims = claimsOf(call);
    expect(call.headers['x-okapi-tenant']).toBe(call.tenant);
    expect(claims['tenant']).toBe(call.tenant);
    expect(claims['aud']).toBe(call.module);
    expect(claims['user_id'] ?? null).toBe(call.userId);
    if (from !== null) expect(claims['origin']).toBe(from);
  });

  everyCall('nothing that a client makes up arrives', (call) => {
    expect(JSON.stringify(call.headers)).not.toContain(CANARY);
  });

  everyCall('permissions of another tenant stay below the ceiling of a relation', (call, from, world) => {
    if (from === null || call.tenant === from) return;
    const ceilings = bridges(world, from, call).map(({ permissions }) => permissions);
    const ofModule = call.path === '/two' || call.path === '/one' ? ['two.get'] : [];
    for (const permission of call.permissions.filter(
      (name) => HELD.includes(name) && !ofModule.includes(name),
    ))
      expect(ceilings.some((ceiling) => ceiling.some((pattern) => matches(permission, pattern)))).toBe(true);
  });

  everyCall('no protected module is called without a token', (_call, from) => {
    expect(from).not.toBeNull();
  });

  everyCall('no module sees the token of the user', (call) => {
    expect(claimsOf(call)['type']).toBe('module');
  });

  test('the path that is matched is the path that arrives, byte by byte', () =>
    withSpied(async (spied) => {
      await fc.assert(
        fc.asyncProperty(state, asked, async (world, request) => {
          spied.set(world);
          spied.seen.length = 0;
          await spied.ask(request);
          const [first] = spied.seen;
          if (first !== undefined) expect(first.path).toBe(request.path);
        }),
        { numRuns: RUNS },
      );
    }));

  test('a header that must be there once is refused when it comes twice, and nobody is called', () =>
    withSpied(async (spied) => {
      await fc.assert(
        fc.asyncProperty(state, asked, fc.constantFrom(...TENANTS), async (world, request, second) => {
          spied.set(world);
          spied.seen.length = 0;
          const token = spied.world.token(request.from ?? 'aa');
          for (const twice of [
            ['x-okapi-tenant', request.tenant, 'X-Okapi-Tenant', second, 'x-okapi-token', token],
            ['x-okapi-tenant', request.tenant, 'x-okapi-token', token, 'X-Okapi-Token', token],
          ])
            expect((await spied.world.send({ path: request.path, headers: twice })).status).toBe(400);
          expect(spied.seen).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    }));

  everyCall('the token lists the modules that called, and ends within a minute', (call) => {
    const { exp, iat } = claimsOf(call) as { exp: number; iat: number };
    expect(actorsOf(call)).toHaveLength((call.headers['x-okapi-request-id']?.split(';').length ?? 1) - 1);
    expect(exp - iat).toBeLessThanOrEqual(60);
  });
});

describe('the audit', () => {
  const isAbroad = (call: Seen): boolean => call.tenant !== call.originTenant;

  test('has one entry for each call of a module for another tenant, made before the call', () =>
    withSpied(async (spied) => {
      await fc.assert(
        fc.asyncProperty(state, requests, async (world, all) => {
          spied.set(world);
          for (const request of all) {
            spied.seen.length = 0;
            spied.audited.length = 0;
            const { status } = await spied.ask(request);
            const calls = spied.seen.filter(isAbroad).map(({ headers, tenant }) => ({
              requestId: headers['x-okapi-request-id'],
              tenant,
              callsBefore: 0,
            }));
            for (const call of calls)
              expect(spied.audited.filter(({ requestId }) => requestId === call.requestId)).toEqual([call]);
            // An entry without a call: somebody was not allowed to, or there was nobody to be called.
            if (status === 200 && request.path === '/one') expect(spied.audited).toHaveLength(calls.length);
          }
        }),
        { numRuns: RUNS },
      );
    }));

  test('lets no module be called for another tenant while it is down, and every one at home', () =>
    withSpied((one) =>
      withSpied(async (down) => {
        down.auditWorks(false);
        await fc.assert(
          fc.asyncProperty(state, requests, async (world, all) => {
            one.set(world);
            down.set(world);
            for (const request of all) {
              for (const { seen } of [one, down]) seen.length = 0;
              const usual = await one.ask(request);
              const answer = await down.ask(request);
              expect(down.seen.filter(isAbroad)).toEqual([]);
              if (!one.seen.some(isAbroad) && one.audited.length === 0) expect(answer).toEqual(usual);
              one.audited.length = 0;
            }
          }),
          { numRuns: RUNS },
        );
      }),
    ));
});

describe('two worlds that differ only in an unrelated tenant', () => {
  test('look the same to everybody else', () =>
    withSpied((one) =>
      withSpied(async (other) => {
        const without = (relations: readonly DrawnRelation[]): readonly DrawnRelation[] =>
          relations.filter(({ tenant, executesAs }) => tenant !== 'dd' && !executesAs.includes('dd'));
        await fc.assert(
          fc.asyncProperty(state, state, requests, async (world, theirs, all) => {
            const shared = without(world.relations);
            const ofTheirs = theirs.relations.filter(({ tenant }) => tenant === 'dd');
            one.set({ enabled: world.enabled, relations: shared });
            other.set({
              enabled: { ...world.enabled, dd: theirs.enabled.dd },
              relations: [...shared, ...ofTheirs],
            });
            // The neighbour is busy in one of them.
            for (const path of ['/one', '/chain'])
              await other.ask({ path, tenant: 'dd', from: 'dd', forged: null });
            for (const request of all.filter(({ tenant, from }) => tenant !== 'dd' && from !== 'dd'))
              expect(await other.ask(request)).toEqual(await one.ask(request));
          }),
          { numRuns: RUNS },
        );
      }),
    ));
});

describe('a gateway that has seen other worlds', () => {
  test('answers as one that begins in this one', () =>
    withSpied(async (old) => {
      await fc.assert(
        fc.asyncProperty(fc.array(state, { minLength: 2, maxLength: 3 }), requests, async (worlds, all) => {
          for (const world of worlds) {
            old.set(world);
            const young = await startSpied(world);
            try {
              for (const request of all) expect(await old.ask(request)).toEqual(await young.ask(request));
            } finally {
              await young.world.stop();
            }
          }
        }),
        { numRuns: Math.ceil(RUNS / 2) },
      );
    }));
});

test('the scenes reach every kind of outcome', () =>
  withSpied(async (spied) => {
    const statuses = new Set<number>();
    let crossed = 0;
    await fc.assert(
      fc.asyncProperty(state, requests, async (world, all) => {
        spied.set(world);
        for (const request of all) {
          spied.seen.length = 0;
          statuses.add((await spied.ask(request)).status);
          crossed += spied.seen.filter(
            ({ tenant }) => request.from !== null && tenant !== request.from,
          ).length;
        }
      }),
      { numRuns: 150, seed: 7 },
    );
    expect([...statuses]).toEqual(expect.arrayContaining([200, 403, 404]));
    expect(crossed).toBeGreaterThan(20);
  }));
