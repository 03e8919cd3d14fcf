/** A label beside a line: on its right, or on its left where it would leave the plot. */
export interface PlacedLabel {
  readonly side: 'start' | 'end';
  /** 0 is the highest. */
  readonly row: number;
}

/** Puts labels of lines at these places (px, ascending) into the first row in which they touch no other; when there is none, into the last. */
export const labelRows = (
  places: readonly number[],
  { labelPx, widthPx, rows }: { readonly labelPx: number; readonly widthPx: number; readonly rows: number },
): readonly PlacedLabel[] => {
  const taken: (readonly [from: number, to: number])[][] = Array.from({ length: rows }, () => []);
  return places.map((x) => {
    const side = x + labelPx > widthPx ? ('end' as const) : ('start' as const);
    const [from, to] = side === 'start' ? [x, x + labelPx] : [x - labelPx, x];
    const free = taken.findIndex((row) => row.every((other) => to <= other[0] || other[1] <= from));
    const row = free === -1 ? rows - 1 : free;
    taken[row]?.push([from, to]);
    return { side, row };
  });
};
