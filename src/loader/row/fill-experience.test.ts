import { describe, expect, test } from 'vitest';
import { rowOf } from '../../../test/support/decoded-row.ts';

describe('interactions and shifts', () => {
  test('name the interaction that INP is about', () => {
    const row = rowOf({
      'et.inp': 120,
      'et.inp.e': 'a#buy',
      'et.inp.t': 2_000.4,
      'et.e': "~(~(d~'3c~n~25~s~'1jk)~(d~'3c~i~'9~n~12~s~'1jk)~(d~'3c~i~'9~n~0~s~'1jk))",
    });
    expect(row).toMatchObject({
      inp: 120,
      inp_selector: 'a#buy',
      inp_at: 2_000,
      inp_type: 'click',
      slow_events: 3,
    });
  });

  test('take the increment where the page is not over', () => {
    expect(rowOf({ 'et.inp.inc': 80, 'et.inp.inc.e': 'a' })).toMatchObject({
      inp: null,
      inp_increment: 80,
      inp_selector: 'a',
    });
  });

  test('make windows of the shifts that the beacon lists', () => {
    const row = rowOf({
      'c.cls': 0.3,
      'c.cls.d': "~(~(s~(~)~t~'2s~v~'5k)~(s~(~)~t~'2mo~v~'2s))",
      'c.cls.tops': 0.2,
    });
    expect(row.cls_windowed).toBeCloseTo(0.2);
    expect(row).toMatchObject({ cumulative_layout_shift: 0.3, cls_top: 0.2, cls_shift_at: [100, 3_408] });
  });

  test('tell no shift from not measured', () => {
    expect(rowOf({ 'c.cls': 0 })).toMatchObject({ cumulative_layout_shift: 0, cls_windowed: 0 });
    expect(rowOf({})).toMatchObject({ cumulative_layout_shift: null, cls_windowed: null });
  });
});

describe('behaviour', () => {
  test('takes a way scrolled that is longer than the page', () => {
    expect(rowOf({ 'c.s': 40, 'c.s.p': 272, 'c.c': 3 })).toMatchObject({
      scrolls: 40,
      scroll_pct: 272,
      clicks: 3,
    });
  });
});
