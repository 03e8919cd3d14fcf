/** A range of values that is a row of a heat map; the lowest row is the first. */
export interface SpreadBin {
  readonly from: number;
  readonly to: number;
}

/** A place in a heat map of time, in rows and columns: 0, 0 is its lower left corner. */
export interface SpreadPlace {
  readonly column: number;
  readonly row: number;
}

/**
 * Where a value of each column lies among rows of ranges: a line for each run of columns that have one, so that nothing is drawn across a gap. Values beyond the rows lie at
 * their edge.
 */
export const spreadLines = (
  bins: readonly SpreadBin[],
  values: readonly (number | null)[],
): readonly (readonly SpreadPlace[])[] => {
  const lines: SpreadPlace[][] = [];
  let before = false;
  for (const [column, value] of values.entries()) {
    if (value !== null && bins.length > 0) {
      if (!before) lines.push([]);
      lines.at(-1)?.push({ column: column + 0.5, row: rowOf(bins, value) });
    }
    before = value !== null;
  }
  return lines;
};

const rowOf = (bins: readonly SpreadBin[], value: number): number => {
  const row = bins.findIndex(({ to }) => value < to);
  if (row === -1) return bins.length;
  const { from, to } = bins[row] ?? { from: 0, to: 1 };
  return row + Math.max(0, Math.min(1, (value - from) / Math.max(1e-9, to - from)));
};
