import { describe, expect, test } from 'vitest';
import { neutralRow } from './draft-row.ts';
import { createLabelLimits } from './label-limits.ts';

const setUp = () => {
  const overflows: string[] = [];
  const limits = createLabelLimits((tenant, column) => overflows.push(`${tenant} ${column}`));
  const label = (value: string, tenant = 'shop', day = 20_000): string => {
    const row = { ...neutralRow(), page_type: value };
    limits.apply(row, tenant, day);
    return row.page_type;
  };
  return { overflows, limits, label };
};

describe('labels', () => {
  test('stay as they are up to the limit, and then those that are known', () => {
    const { label, overflows } = setUp();
    for (let n = 0; n < 1_000; n++) expect(label(`t${n}`)).toBe(`t${n}`);
    expect(label('one-too-many')).toBe('other');
    expect(label('t999')).toBe('t999');
    expect(label('other')).toBe('other');
    expect(label('')).toBe('');
    expect(overflows).toEqual(['shop page_type']);
  });

  test('are counted for each tenant and column alone, and anew on the next day', () => {
    const { label, limits } = setUp();
    for (let n = 0; n < 1_001; n++) label(`t${n}`);
    expect(label('new', 'news')).toBe('new');
    const row = { ...neutralRow(), page_group: 'new', ua_vnd: null };
    limits.apply(row, 'shop', 20_000);
    expect([row.page_group, row.ua_vnd]).toEqual(['new', null]);
    expect(label('late', 'shop', 19_999)).toBe('other');
    expect(label('new', 'shop', 20_001)).toBe('new');
  });

  test('of addresses are not limited', () => {
    const { limits, overflows } = setUp();
    for (let n = 0; n < 3_000; n++) limits.apply({ ...neutralRow(), url_path: `/${n}` }, 'shop', 20_000);
    expect(overflows).toEqual([]);
  });
});
