import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ModuleDescriptor } from '../descriptor.ts';
import { findConflicts, findGaps } from './dependencies.ts';
import { type InstallWorld, planInstall, type Wish } from './install-plan.ts';

const aModule = (
  id: string,
  provides: Record<string, string> = {},
  requires: Record<string, string> = {},
): ModuleDescriptor => ({
  id,
  provides: Object.entries(provides).map(([name, version]) => ({ id: name, version })),
  requires: Object.entries(requires).map(([name, version]) => ({ id: name, version })),
});
const base1 = aModule('base-1.0.0', { base: '1.0' });
const base2 = aModule('base-2.0.0', { base: '2.0' });
const shelf = aModule('shelf-1.0.0', { shelf: '1.0' }, { base: '1.0 2.0' });
const book = aModule('book-1.0.0', {}, { shelf: '1.0' });
const known = [base1, base2, shelf, book];
const plan = (wishes: readonly Wish[], world: Partial<InstallWorld> = {}) =>
  planInstall(wishes, { known, enabled: [], depCheck: true, reinstall: false, ...world });
const enable = (id: string): Wish => ({ id, action: 'enable' });
const disable = (id: string): Wish => ({ id, action: 'disable' });

describe('an install plan', () => {
  test('adds what is needed in its newest fitting version, providers first', () => {
    expect(plan([enable('book')])).toEqual([
      { id: 'base-2.0.0', action: 'enable' },
      { id: 'shelf-1.0.0', action: 'enable' },
      { id: 'book-1.0.0', action: 'enable' },
    ]);
  });

  test('keeps an explicit version although a newer one is known', () => {
    expect(plan([enable('shelf'), enable('base-1.0.0')]).map(({ id }) => id)).toEqual([
      'base-1.0.0',
      'shelf-1.0.0',
    ]);
  });

  test('names the version that is replaced', () => {
    expect(plan([enable('base')], { enabled: [base1] })).toEqual([
      { id: 'base-2.0.0', from: 'base-1.0.0', action: 'enable' },
    ]);
  });

  test('says uptodate for what is there, and does it again when asked to', () => {
    expect(plan([enable('base-1.0.0')], { enabled: [base1] })).toEqual([
      { id: 'base-1.0.0', action: 'uptodate' },
    ]);
    expect(plan([enable('base-1.0.0')], { enabled: [base1], reinstall: true })[0]).toMatchObject({
      action: 'enable',
    });
  });

  test('disables dependants first', () => {
    expect(plan([disable('base')], { known: [base1, shelf, book], enabled: [base1, shelf, book] })).toEqual([
      { id: 'book-1.0.0', action: 'disable' },
      { id: 'shelf-1.0.0', action: 'disable' },
      { id: 'base-1.0.0', action: 'disable' },
    ]);
  });

  test('does not disable what was asked for', () => {
    const world = { known: [base1, shelf], enabled: [base1, shelf] };
    expect(() => plan([disable('base'), enable('shelf')], world)).toThrow(
      'Cannot remove module shelf-1.0.0 which is explicitly given',
    );
  });

  test('lets another product take the place of one that provides the same interface', () => {
    const other = aModule('otherbase-1.0.0', { base: '1.1' });
    expect(plan([enable('otherbase')], { known: [...known, other], enabled: [base1] })).toEqual([
      { id: 'otherbase-1.0.0', action: 'enable' },
      { id: 'base-1.0.0', action: 'disable' },
    ]);
    expect(() => plan([enable('otherbase'), enable('base-1.0.0')], { known: [...known, other] })).toThrow(
      'Multiple modules otherbase-1.0.0, base-1.0.0 provide interface base',
    );
  });

  test('keeps the order in which it was asked where that is possible', () => {
    const free = [aModule('z-1.0.0'), aModule('a-1.0.0'), base1];
    expect(plan([enable('z'), enable('base-1.0.0'), enable('a')], { known: free, enabled: [base1] })).toEqual(
      [
        { id: 'z-1.0.0', action: 'enable' },
        { id: 'base-1.0.0', action: 'uptodate' },
        { id: 'a-1.0.0', action: 'enable' },
      ],
    );
  });

  test('refuses modules that need each other', () => {
    const egg = aModule('egg-1.0.0', { egg: '1.0' }, { hen: '1.0' });
    const hen = aModule('hen-1.0.0', { hen: '1.0' }, { egg: '1.0' });
    expect(() => plan([enable('egg')], { known: [egg, hen] })).toThrow(
      'Some modules cannot be topological sorted: egg-1.0.0, hen-1.0.0',
    );
    expect(plan([disable('egg')], { known: [egg, hen], enabled: [egg, hen] })).toHaveLength(2);
  });

  test('does not take a product that another one replaces', () => {
    const heir = { ...aModule('heir-1.0.0', { shelf: '1.0' }), replaces: ['shelf'] };
    expect(plan([enable('book')], { known: [...known, heir] }).map(({ id }) => id)).toEqual([
      'heir-1.0.0',
      'book-1.0.0',
    ]);
  });

  test('refuses two versions of one product, and two modules that would handle the same requests', () => {
    expect(() => plan([enable('base-1.0.0'), enable('base-2.0.0')])).toThrow(
      'Cannot remove module base-1.0.0 which is explicitly given',
    );
    const handler = (id: string, pathPattern: string): ModuleDescriptor => ({
      id: `${id}-1.0.0`,
      provides: [{ id, version: '1.0', handlers: [{ methods: ['GET'], pathPattern }] }],
    });
    const [left, right] = [handler('left', '/books/{id}'), handler('right', '/books/{isbn}')];
    expect(() => plan([enable('left'), enable('right')], { known: [left, right] })).toThrow(
      'Modules left-1.0.0, right-1.0.0 both handle GET /books/{isbn}',
    );
    expect(plan([enable('left'), enable('right')], { known: [left, right], depCheck: false })).toHaveLength(
      2,
    );
  });

  test('does not choose between products', () => {
    const other = aModule('otherbase-1.0.0', { base: '1.1' });
    expect(() => plan([enable('shelf')], { known: [...known, other] })).toThrow(
      'interface base required by module shelf-1.0.0 is provided by multiple products: base, otherbase',
    );
  });

  test('names what cannot be found', () => {
    expect(() => plan([enable('book')], { known: [book] })).toThrow(
      'interface shelf required by module book-1.0.0 not found',
    );
    expect(() => plan([enable('nothing')])).toThrow('Module nothing not found');
  });

  test('takes the wishes as they are without the check', () => {
    expect(plan([enable('book')], { depCheck: false })).toEqual([{ id: 'book-1.0.0', action: 'enable' }]);
  });

  test('of any world leaves no need unmet and overrides no wish, or refuses', () => {
    const version = fc.constantFrom('1.0', '1.1', '2.0');
    const module = fc
      .tuple(
        fc.constantFrom('a', 'b', 'c', 'd'),
        fc.integer({ min: 1, max: 3 }),
        fc.dictionary(fc.constantFrom('x', 'y', 'z'), version, { maxKeys: 2 }),
        fc.dictionary(fc.constantFrom('x', 'y', 'z'), version, { maxKeys: 2 }),
      )
      .map(([product, major, provides, requires]) => aModule(`${product}-${major}.0.0`, provides, requires));
    const modules = fc.uniqueArray(module, { selector: ({ id }) => id, minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(modules, fc.nat(), (all, seed) => {
        const wanted = all[seed % all.length] as ModuleDescriptor;
        let steps;
        try {
          steps = plan([enable(wanted.id)], { known: all });
        } catch (error) {
          expect(error).toMatchObject({ status: expect.any(Number) });
          return;
        }
        const result = steps.map(({ id }) => all.find((each) => each.id === id) as ModuleDescriptor);
        expect(result).toContain(wanted);
        expect(findGaps(result)).toEqual([]);
        expect(findConflicts(result)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });
});
