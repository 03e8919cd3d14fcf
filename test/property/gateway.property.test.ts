import { describe, expect, test } from 'vitest';
import type { Seen } from '../support/gateway-world.ts';
import { type Asked, CANARY } from './gateway-asked.ts';
import { actorsOf, bridges, claimsOf, isAbroad, isFilter, matches } from './gateway-calls.ts';
import { HOSTINGS, inAnyWorld } from './gateway-runs.ts';
import { GRANTED, HELD } from './gateway-modules.ts';
import { provedBy } from './gateway-tokens.ts';
import type { Name, State } from './gateway-worlds.ts';

/** What holds of each call of a module. The names of all properties begin with the number under which `docs/reference/tenant-resolution.md` lists them. */
describe.each(HOSTINGS)('in any world, with modules %s', (...hosting) => {
  const everyCall = (name: string, check: (call: Seen, request: Asked, world: State) => void): void =>
    test(name, () =>
      inAnyWorld(hosting, (calls, request, world) => {
        for (const call of calls) check(call, request, world);
      }),
    );

  everyCall('I-1: a module works only for tenants that have it enabled', (call, _request, world) => {
    const name = call.module.replace(/^mod-|-1\.0\.0$/g, '');
    const tenant = call.tenant as Name;
    if (name === 'wish' || name === 'hope') expect(world.wishes[name][tenant]).not.toBeNull();
    else expect(world.enabled[tenant]).toContain(name);
  });

  everyCall(
    'I-2: a module works for the own tenant, or for one that a relation in force reaches',
    (call, { token, tenant }, world) => {
      const from = provedBy(token);
      if (call.tenant === (from ?? tenant)) return;
      // Whose session has ended is found out by the auth filter; other filters may have seen him by then, for nobody but those he could ask before.
      const home = from ?? (token.kind === 'none' ? null : token.from);
      expect(home).not.toBeNull();
      expect(bridges(world, home ?? 'aa', call)).not.toEqual([]);
    },
  );

  everyCall('I-3: header, token and user are the same', (call, { token }) => {
    const claims = claimsOf(call);
    expect(call.headers['x-okapi-tenant']).toBe(call.tenant);
    expect(claims['tenant']).toBe(call.tenant);
    expect(claims['user_id'] ?? null).toBe(call.userId);
    expect(call.headers['x-okapi-user-id'] ?? null).toBe(call.userId);
    expect(JSON.parse(call.headers['x-okapi-permissions'] ?? '[]')).toEqual(call.permissions);
    const from = provedBy(token);
    if (from !== null) expect(claims['origin']).toBe(from);
  });

  everyCall('I-4: the token of a call is for the module that is called', (call) => {
    expect(claimsOf(call)['aud']).toBe(call.module);
  });

  everyCall('I-5: nothing that a client or a filter makes up arrives', (call) => {
    expect(JSON.stringify(call.headers)).not.toContain(CANARY);
  });

  everyCall('I-6: no module sees the token of the user', (call) => {
    expect(claimsOf(call)['type']).toBe('module');
    expect(call.headers['authorization']).toBeUndefined();
  });

  everyCall(
    'I-7: permissions abroad stay below the ceiling of a relation, or are those of the own account there',
    (call, { token }, world) => {
      if (isFilter(call)) return;
      const from = provedBy(token) ?? 'aa';
      const ofModule = actorsOf(call).at(-1) === 'mod-chain-1.0.0' ? ['two.get'] : [];
      const ofUser = call.permissions.filter((name) => !ofModule.includes(name));
      if (call.tenant === from) return expect(HELD).toEqual(expect.arrayContaining(ofUser));
      const account = world.accounts[call.tenant as Name];
      if (account === 'shadow') return expect(GRANTED).toEqual(expect.arrayContaining(ofUser));
      const open = bridges(world, from, call).filter(({ requiresAccount }) => !requiresAccount);
      expect(open).not.toEqual([]);
      for (const name of ofUser) {
        expect(HELD).toContain(name);
        expect(open.some(({ permissions }) => permissions.some((pattern) => matches(name, pattern)))).toBe(
          true,
        );
      }
    },
  );

  everyCall('I-11: no protected module is called without a good token', (call, { token }) => {
    if (!isFilter(call) || isAbroad(call)) expect(provedBy(token)).not.toBeNull();
    else expect(['none', 'good', 'of a module', 'revoked', 'of an ended session']).toContain(token.kind);
  });

  everyCall(
    'I-16: the path that is matched is the path that arrives, byte by byte',
    (call, { path, token }) => {
      const callsBefore = actorsOf(call).length - (token.kind === 'of a module' ? 1 : 0);
      if (callsBefore === 0) expect(call.path).toBe(path);
    },
  );

  everyCall('I-17: the token lists the modules that called, in their order', (call) => {
    const trail = call.headers['x-trail'];
    expect(actorsOf(call)).toEqual(trail === undefined ? [] : trail.split('>'));
  });
});
