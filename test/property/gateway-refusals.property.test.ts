import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asked, type Asked } from './gateway-asked.ts';
import { isFilter } from './gateway-calls.ts';
import { HOSTINGS, runs } from './gateway-runs.ts';
import { type Plain, type Spied, withSpied } from './gateway-spied.ts';
import { type DrawnRelation, MODULES, type Name, type State, state } from './gateway-worlds.ts';

/** A relation that lets requests of `aa` be executed for `bb`. */
const toB: DrawnRelation = {
  tenant: 'aa',
  executesAs: ['bb'],
  modules: MODULES.map((name) => `mod-${name}`),
  permissions: ['*'],
  when: [],
  requiresAccount: false,
  ends: 86_400,
};

const withRelation = (world: State, ...more: readonly DrawnRelation[]): State => ({
  ...world,
  relations: [...world.relations, ...more],
});

/** Reasons why `bb` cannot be had by `aa`; of each a world, made from one in which `bb` has all modules and nobody is related to it. */
const REASONS: Readonly<Record<string, (world: State, module: string) => State>> = {
  unrelated: (world) => world,
  unknown: (world) => ({ ...world, absent: ['bb'] }),
  expired: (world) => withRelation({ ...world, expired: ['bb'] }, toB),
  'related until a second ago': (world) => withRelation(world, { ...toB, ends: -1 }),
  'related the other way round': (world) => withRelation(world, { ...toB, tenant: 'bb', executesAs: ['aa'] }),
  'related to somebody who is related': (world) =>
    withRelation(world, { ...toB, executesAs: ['cc'] }, { ...toB, tenant: 'cc' }),
  'related for other modules': (world, module) =>
    withRelation(world, { ...toB, modules: toB.modules.filter((name) => name !== `mod-${module}`) }),
  'without the module': (world) => withRelation({ ...world, enabled: { ...world.enabled, bb: [] } }, toB),
};

/** How `bb` is asked for: by a user in the header, by a module that names it, by the wish of a filter of `aa`. */
type Way = 'a user' | 'a module' | 'a filter';

const someWorld = fc
  .tuple(state, fc.constantFrom<Way>('a user', 'a module', 'a filter'))
  .map(([drawn, way]) => ({
    way,
    world: {
      ...drawn,
      enabled: { aa: MODULES, bb: MODULES, cc: drawn.enabled.cc, dd: drawn.enabled.dd },
      // What else `aa` has a relation for must not get in the way, be it by a rule.
      relations: drawn.relations.filter(
        ({ tenant, executesAs }) => tenant !== 'aa' && tenant !== 'bb' && !executesAs.includes('bb'),
      ),
      wishes: {
        hope: { aa: null, bb: null, cc: null, dd: null },
        wish: { aa: way === 'a filter' ? ('bb' as const) : null, bb: null, cc: null, dd: null },
      },
    },
  }));

const ask = (spied: Spied, request: Asked, way: Way): Promise<Plain> =>
  spied.ask({
    ...request,
    tenant: way === 'a filter' ? ('aa' as Name) : 'bb',
    token: way === 'a module' ? { kind: 'of a module', from: 'aa', at: 'aa' } : { kind: 'good', from: 'aa' },
  });

test.each(HOSTINGS)(
  'I-23: whether a tenant is unknown, expired, unrelated or without the module cannot be told from the refusal, with modules %s',
  (hosting, share) =>
    withSpied(
      async (spied) => {
        await fc.assert(
          fc.asyncProperty(
            someWorld,
            // The one that is executed where the user belongs is not refused.
            asked.filter(({ path }) => path.startsWith('/one') || path === '/two' || path === '/chain'),
            async ({ world, way }, request) => {
              const module = request.path.split('/')[1] ?? '';
              const shown: Record<string, Plain> = {};
              for (const [reason, made] of Object.entries(REASONS)) {
                spied.set(made(world, module));
                spied.seen.length = 0;
                shown[reason] = await ask(spied, request, way);
                expect(spied.seen.filter((call) => !isFilter(call))).toEqual([]);
              }
              const [first] = Object.values(shown);
              for (const reason of Object.keys(shown))
                expect({ [reason]: shown[reason] }).toEqual({ [reason]: first });
              // It is a refusal, which the same request with a relation is not.
              expect(first?.status).toBeGreaterThanOrEqual(400);
            },
          ),
          runs(share, 0.25),
        );
      },
      { hosting },
    ),
);
