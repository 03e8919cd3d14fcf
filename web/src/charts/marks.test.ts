import { expect, it } from 'vitest';
import { placeNotes } from './marks.ts';

const axis = { from: 0, to: 1_000, width: 100, apartPx: 8 };
const point = (id: string, from: number) => ({ id, from, to: null });

it('puts points that lie near to each other on one mark', () => {
  const { points } = placeNotes([point('c', 500), point('a', 100), point('b', 150)], axis);
  expect(points.map(({ x, notes }) => [x, notes.map(({ id }) => id)])).toEqual([
    [10, ['a', 'b']],
    [50, ['c']],
  ]);
});

it('gives overlapping ranges lanes of their own and uses a lane again when it is free', () => {
  const notes = [
    { id: 'a', from: 0, to: 300 },
    { id: 'b', from: 200, to: 500 },
    { id: 'c', from: 600, to: 900 },
  ];
  const { ranges, lanes } = placeNotes(notes, axis);
  expect(ranges.map(({ lane, note }) => [note.id, lane])).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 0],
  ]);
  expect(lanes).toBe(2);
});

it('clips ranges to the plot and leaves out what lies outside', () => {
  const { ranges, points } = placeNotes(
    [{ id: 'a', from: -500, to: 2_000 }, point('b', -1), point('c', 1_001)],
    axis,
  );
  expect(ranges.map(({ x, width }) => [x, width])).toEqual([[0, 100]]);
  expect(points).toEqual([]);
});

it('keeps a short range wide enough to be hit', () => {
  expect(placeNotes([{ id: 'a', from: 500, to: 501 }], axis).ranges[0]?.width).toBe(6);
});
