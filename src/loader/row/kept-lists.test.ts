import { describe, expect, test } from 'vitest';
import { type Fields, rowOf } from '../../../test/support/decoded-row.ts';

describe('lists that are read where a page view is looked at', () => {
  const other = (fields: Fields) => rowOf(fields).other;

  test('are kept whole, however the sender spells them', () => {
    const fps = `0${'654'.repeat(1_000)}`;
    const log = Array.from({ length: 100 }, () => '2zzzzz,x1as,y9z').join('|');
    const kept = {
      'c.t.fps': fps,
      c_t_busy: '2'.repeat(2_001),
      'c.l': log,
      servertiming: `~(~'${'a'.repeat(2_000)})`,
    };
    expect(Object.fromEntries(other(kept))).toEqual(kept);
  });

  test('are kept beside the columns that are made of them', () => {
    const lists = {
      'c.cls.d': "~(~(s~(~(d~(y~'2g)~p~(h~'bn~w~'t4~x~'38~y~'48)~s~'main))~t~'me~v~'1c))",
      'et.e': "~(~(c~1~d~'7k~n~21~p~'0~s~'170~t~'button*23add))",
      err: "~(~(f~(~(l~3~wo~'*2fx.js))~m~'boom))",
    };
    const row = rowOf({ ...lists, 'c.cls': '0.048' });
    expect(Object.fromEntries(row.other)).toEqual(lists);
    expect([row.cls_shift_value, row.slow_events, row.error_message]).toEqual([[0.048], 1, 'boom']);
    const { err: _, ...dotted } = lists;
    const underscored = Object.entries(dotted).map(([name, value]) => [name.replaceAll('.', '_'), value]);
    expect(Object.fromEntries(other({ ...Object.fromEntries(underscored), err: '' }))).toEqual(dotted);
  });

  test('are not kept in half: one that is too long is left out, and says so', () => {
    const row = rowOf({ 'c.t.fps': '0'.repeat(16_385), 'c.t.busy': '0'.repeat(16_384) });
    expect([...row.other.keys()]).toEqual(['c.t.busy']);
    expect(row.rejected_fields).toEqual(['other']);
  });

  test('take no room from what else a page says, and have 64 KiB together', () => {
    const long = '0'.repeat(16_000);
    const many = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`k${index}`, 'v']));
    const lists = { 'c.t.fps': long, 'c.t.busy': long, 'c.t.mem': long, 'c.t.bat': long };
    expect(rowOf({ ...lists, ...many }).rejected_fields).toEqual([]);
    const row = rowOf({ ...lists, 'c.t.mut': long, ...many });
    expect(row.other.size).toBe(68);
    expect(row.rejected_fields).toEqual(['other']);
  });
});
