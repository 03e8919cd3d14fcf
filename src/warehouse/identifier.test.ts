import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TenantId } from '#tenants';
import { quoteIdentifier, quoteText, tableNames } from './identifier.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- hostile ids are the point
const asId = (text: string): TenantId => text as TenantId;

describe('table names', () => {
  it('begin with the tenant and end as Basic RUM names them', () => {
    expect(tableNames(asId('fashion_bg'))).toEqual({
      events: 'fashion_bg_webperf_rum_events',
      hostnames: 'fashion_bg_webperf_rum_hostnames',
      pageViews: 'fashion_bg_page_views',
      rollup: 'fashion_bg_rollup',
      rollupHours: 'fashion_bg_rollup_hours',
      live: 'fashion_bg_rollup_live',
    });
  });

  it.each([
    '',
    'a`; DROP TABLE x; -- ',
    '../../etc',
    'Acme',
    'a b',
    'a.b',
    '1a',
    '_a',
    'a\n',
    'а',
    'ſa',
    `a${'b'.repeat(31)}`,
  ])('are refused for an id that no users map can contain: %j', (id) => {
    expect(() => tableNames(asId(id))).toThrow(
      expect.objectContaining({ code: 'WAREHOUSE_TENANT_ID_INVALID' }),
    );
  });

  it('are never shared by two tenants', () => {
    const id = fc.stringMatching(/^[a-z][a-z0-9_]{0,30}$/);
    // Ids that are made of other tenants' names are the ones that could collide.
    const related = fc
      .tuple(id, fc.constantFrom('_webperf_rum', '_page', '_webperf', '_rollup', '_hours', '_'))
      .map(([a, b]) => [a, `${a}${b}`] as const);
    fc.assert(
      fc.property(fc.oneof(fc.tuple(id, id), related), ([a, b]) => {
        fc.pre(a !== b && b.length <= 31);
        const names = [...Object.values(tableNames(asId(a))), ...Object.values(tableNames(asId(b)))];
        expect(new Set(names).size).toBe(names.length);
      }),
    );
  });
});

describe('a quoted identifier', () => {
  it.each([
    ['plain', '`plain`'],
    ['a`b', '`a\\`b`'],
    ['a\\', '`a\\\\`'],
    ['a\\`; DROP TABLE x; --', '`a\\\\\\`; DROP TABLE x; --`'],
    ['two\nlines', '`two\\nlines`'],
  ])('holds %j as one name', (name, quoted) => {
    expect(quoteIdentifier(name)).toBe(quoted);
  });

  it.each(['', 'a\0b', 'x'.repeat(201)])('is refused where no name can be meant', (name) => {
    expect(() => quoteIdentifier(name)).toThrow(
      expect.objectContaining({ code: 'WAREHOUSE_IDENTIFIER_INVALID' }),
    );
  });

  it('has no quote inside that is not escaped', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 50, unit: fc.constantFrom('`', '\\', 'a', '\n', "'") }),
        (name) => {
          const inside = quoteIdentifier(name).slice(1, -1);
          expect(inside.replaceAll(/\\./gs, '')).not.toMatch(/[`\\\n]/);
        },
      ),
    );
  });
});

describe('a quoted text', () => {
  it('has no quote inside that is not escaped', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50, unit: fc.constantFrom("'", '\\', 'a', '\n', '\0') }), (text) => {
        const inside = quoteText(text).slice(1, -1);
        expect(inside.replaceAll(/\\./gs, '')).not.toMatch(/['\\\n\0]/);
      }),
    );
  });
});
