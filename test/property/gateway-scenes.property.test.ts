import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plain, requests } from './gateway-asked.ts';
import { actorsOf, isAbroad, requestIdOf } from './gateway-calls.ts';
import { withSpied } from './gateway-spied.ts';
import { emptyState, state, wishfulState } from './gateway-worlds.ts';

test('the random worlds reach every kind of outcome, and no failure of the gateway', () =>
  withSpied(async (spied) => {
    const found = new Map<string, number>();
    const count = (what: string): void => void found.set(what, (found.get(what) ?? 0) + 1);
    await fc.assert(
      fc.asyncProperty(fc.oneof(state, wishfulState), requests, async (world, all) => {
        spied.set(world);
        for (const request of all) {
          spied.seen.length = 0;
          spied.audited.length = 0;
          count(String((await spied.ask(request)).status));
          for (const { rule } of spied.audited) count(rule.replace(/^.*\.when.*$/, 'a rule'));
          for (const calls of Map.groupBy(spied.seen, requestIdOf).values())
            if (calls.some(({ tenant }) => tenant !== calls[0]?.tenant)) count('a wish');
          for (const call of spied.seen.filter(isAbroad)) count(`abroad behind ${actorsOf(call).length}`);
          if (request.token.kind === 'of a module' && spied.seen.length > 0) count('of a module');
          if (request.body !== null && spied.seen.some(isAbroad)) count('a body abroad');
        }
      }),
      { numRuns: 800, seed: 7 },
    );
    expect([...found.keys()].filter((what) => /^5\d\d$/.test(what))).toEqual([]);
    const least = ['200', '400', '401', '403', '404', 'a rule', 'named', 'only-candidate', 'callback'];
    const more = [
      'a wish',
      'abroad behind 0',
      'abroad behind 1',
      'abroad behind 2',
      'of a module',
      'a body abroad',
    ];
    for (const what of [...least, ...more]) expect([what, (found.get(what) ?? 0) >= 4]).toEqual([what, true]);
  }));

test('a rule about the query is read as well when a module asks for what only the user’s own tenant has', () =>
  withSpied(async (spied) => {
    const relation = {
      tenant: 'aa' as const,
      executesAs: ['bb' as const],
      modules: ['mod-two'],
      permissions: ['*'],
      when: [{ method: null, path: '/one', site: 'x', domain: null, tenant: 'bb' as const }],
      requiresAccount: false,
      ends: 86_400,
    };
    spied.set({
      ...emptyState,
      enabled: { ...emptyState.enabled, aa: ['one'], bb: ['two'] },
      relations: [relation],
    });
    const { status, text } = await spied.ask(plain('/two', 'bb', 'aa'));
    expect([status, text]).toEqual([200, 'two in bb; 200 one in aa; ']);
  }));
