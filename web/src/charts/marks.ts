/** A note to be drawn on an axis of time; times are epoch ms. */
export interface AxisNote {
  readonly id: string;
  readonly from: number;
  /** null: a point in time. */
  readonly to: number | null;
}

/** Point notes that are drawn as one mark, because they lie too near to each other. */
export interface PointMark<N extends AxisNote> {
  /** px from the left of the plot. */
  readonly x: number;
  readonly notes: readonly N[];
}

/** A range, clipped to the plot. */
export interface RangeMark<N extends AxisNote> {
  readonly x: number;
  readonly width: number;
  /** 0 is the highest; ranges in one lane do not overlap. */
  readonly lane: number;
  readonly note: N;
}

/** Where notes are drawn. */
export interface Marks<N extends AxisNote> {
  readonly points: readonly PointMark<N>[];
  readonly ranges: readonly RangeMark<N>[];
  readonly lanes: number;
}

/**
 * Places notes on an axis from `from` to `to` (epoch ms) of `width` px: points nearer than `apartPx` share a mark at the place of the first of them, overlapping
 * ranges get lanes of their own. Notes outside are left out.
 */
export const placeNotes = <N extends AxisNote>(
  notes: readonly N[],
  {
    from,
    to,
    width,
    apartPx,
  }: { readonly from: number; readonly to: number; readonly width: number; readonly apartPx: number },
): Marks<N> => {
  const xOf = (at: number): number => ((at - from) / Math.max(1, to - from)) * width;
  const visible = notes
    .filter((note) => note.from <= to && (note.to ?? note.from) >= from)
    .toSorted((a, b) => a.from - b.from);
  const ranges = placeRanges(visible, xOf, width);
  return {
    points: placePoints(visible, xOf, apartPx),
    ranges,
    lanes: ranges.reduce((most, { lane }) => Math.max(most, lane + 1), 0),
  };
};

const placePoints = <N extends AxisNote>(
  notes: readonly N[],
  xOf: (at: number) => number,
  apartPx: number,
): readonly PointMark<N>[] => {
  const marks: { readonly x: number; readonly notes: N[] }[] = [];
  for (const note of notes) {
    if (note.to !== null) continue;
    const x = xOf(note.from);
    const last = marks.at(-1);
    if (last !== undefined && x - last.x < apartPx) last.notes.push(note);
    else marks.push({ x, notes: [note] });
  }
  return marks;
};

const LEAST_WIDTH_PX = 6;

const placeRanges = <N extends AxisNote>(
  notes: readonly N[],
  xOf: (at: number) => number,
  width: number,
): readonly RangeMark<N>[] => {
  const ends: number[] = [];
  return notes.flatMap((note) => {
    if (note.to === null) return [];
    const x = Math.max(0, xOf(note.from));
    const end = Math.min(width, Math.max(x + LEAST_WIDTH_PX, xOf(note.to)));
    const free = ends.findIndex((used) => used <= x);
    const lane = free === -1 ? ends.length : free;
    ends[lane] = end + 2;
    return [{ x, width: end - x, lane, note }];
  });
};
