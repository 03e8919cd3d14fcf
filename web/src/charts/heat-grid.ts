import { ENOUGH_TO_RATE, rate, type Rating, type VitalId } from '#vitals';

/** A cell as the report answers it. */
export interface HeatCell {
  readonly row: number;
  readonly column: number;
  readonly value: number | null;
  readonly views: number;
  /** Page views with a value. */
  readonly samples: number;
}

/** How a cell of a heat map is drawn. */
export type HeatPaint =
  | { readonly kind: 'none' }
  /** Too few page views with a value to be rated. */
  | { readonly kind: 'few'; readonly value: number | null; readonly samples: number }
  | {
      readonly kind: 'rated';
      readonly value: number;
      readonly views: number;
      readonly rating: Rating;
      readonly strength: number;
    }
  /** A share of its column; `strength` is relative to the largest of all. */
  | { readonly kind: 'share'; readonly value: number; readonly views: number; readonly strength: number };

/** Rows of cells, all filled. */
export const heatGrid = (
  kind: 'weekday' | 'time',
  vital: VitalId,
  size: { readonly rows: number; readonly columns: number },
  cells: readonly HeatCell[],
): readonly (readonly HeatPaint[])[] => {
  const byPlace = new Map(cells.map((cell) => [cell.row * size.columns + cell.column, cell]));
  const mostViews = Math.max(1, ...cells.map(({ views }) => views));
  const mostShare = Math.max(0.000_1, ...cells.map(({ value }) => value ?? 0));
  return Array.from({ length: size.rows }, (_, row) =>
    Array.from({ length: size.columns }, (__, column) => {
      const cell = byPlace.get(row * size.columns + column);
      return kind === 'weekday' ? ratedPaint(vital, cell, mostViews) : sharePaint(cell, mostShare);
    }),
  );
};

const ratedPaint = (vital: VitalId, cell: HeatCell | undefined, mostViews: number): HeatPaint => {
  if (cell === undefined || cell.views === 0) return { kind: 'none' };
  const { value, views, samples } = cell;
  if (value === null || samples < ENOUGH_TO_RATE) return { kind: 'few', value, samples };
  return { kind: 'rated', value, views, rating: rate(vital, value), strength: Math.sqrt(views / mostViews) };
};

const sharePaint = (cell: HeatCell | undefined, mostShare: number): HeatPaint => {
  if (cell === undefined || cell.value === null || cell.value === 0) return { kind: 'none' };
  return { kind: 'share', value: cell.value, views: cell.views, strength: Math.sqrt(cell.value / mostShare) };
};
