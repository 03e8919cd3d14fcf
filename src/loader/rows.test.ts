import { describe, expect, test } from 'vitest';
import { createEventRowWriter } from '#warehouse';
import { compareWithTable, rangeOf, type Row } from './rows.ts';

const writer = createEventRowWriter();
const row = (segment: string, offset: number, receivedAt = 1_000): Row => {
  writer.begin();
  return { segment, offset, receivedAt, content: writer.end() };
};
const A = '00000000000000a1';
const B = '00000000000000a2';

describe('rows', () => {
  test('span whole milliseconds and, per segment, the offsets from the first to behind the last', () => {
    expect(rangeOf([row(A, 7, 1_000.25), row(B, 3, 2_000.75), row(A, 2, 1_500)])).toEqual({
      segments: [
        { segment: A, from: 2, to: 8 },
        { segment: B, from: 3, to: 4 },
      ],
      receivedFrom: 1_000,
      receivedTo: 2_001,
    });
  });

  test('of foreign lines are looked for around their whole day', () => {
    const day = Date.UTC(2022, 7, 27);
    expect(rangeOf([row('9000000000000000', 0, day + 5 * 3_600_000)])).toMatchObject({
      receivedFrom: day - 86_400_000,
      receivedTo: day + 2 * 86_400_000,
    });
  });

  test('are missing when the table does not hold them, and doubled when it holds them twice', () => {
    const rows = [row(A, 1), row(A, 2), row(A, 3)];
    const existing = [
      { segment: A, offset: 2 },
      { segment: A, offset: 3 },
      { segment: A, offset: 3 },
      { segment: B, offset: 1 },
    ];
    const { missing, doubled } = compareWithTable(rows, existing);
    expect(missing).toEqual([rows[0]]);
    expect(doubled).toEqual([rows[2]]);
  });
});
