import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dayName, hourPath, isFolderName, parseDay, parseHour, parseTimeText, timeText } from './layout.ts';

describe('names of the archive', () => {
  test('name the UTC day and hour as the Go front does, without leading zeros', () => {
    expect(hourPath('shop', Date.UTC(2023, 8, 5, 7, 59, 59, 999))).toBe('shop/2023-9-5/7.json.lines');
    expect(hourPath('shop', Date.UTC(2023, 8, 5, 23, 59, 59, 999))).toBe('shop/2023-9-5/23.json.lines');
    expect(hourPath('shop', Date.UTC(2023, 8, 6))).toBe('shop/2023-9-6/0.json.lines');
  });

  test('can be read back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), (time) => {
        expect(parseDay(dayName(time))).toBe(Math.floor(time / 86_400_000) * 86_400_000);
        expect(parseTimeText(timeText(time))).toBe(Math.floor(time / 1_000) * 1_000);
      }),
    );
  });

  test('are told from other names', () => {
    for (const name of ['2023-13-1', '2023-2-30', '23-1-1', '2023-1-1x', 'host', ''])
      expect(parseDay(name)).toBeNull();
    for (const name of ['24.json.lines', 'x.json.lines', '1.json', '-1.json.lines'])
      expect(parseHour(name)).toBeNull();
    for (const name of ['..', '.', '', 'a/b', 'A', 'ſ', 'a\n', '-rf', '1a', 'a'.repeat(32)])
      expect(isFolderName(name)).toBe(false);
  });
});
