import { VITAL_IDS, type VitalId } from '#vitals';
import type { VitalFigures } from './contract.ts';
import type { TableRow } from './report.ts';

/** Columns of the figures of a vital. */
export const FIGURE_COLUMNS = {
  value: 'number',
  rating: 'text',
  low: 'number',
  high: 'number',
  good: 'number',
  needs_improvement: 'number',
  poor: 'number',
  samples: 'whole',
  coverage: 'number',
} as const;

/** Figures of a vital as a line; nulls when there are none. */
export const figureCells = (figures: VitalFigures | undefined): TableRow<typeof FIGURE_COLUMNS> => ({
  value: figures?.value ?? null,
  rating: figures?.rating ?? null,
  low: figures?.interval?.low ?? null,
  high: figures?.interval?.high ?? null,
  good: figures?.shares?.good ?? null,
  needs_improvement: figures?.shares?.needsImprovement ?? null,
  poor: figures?.shares?.poor ?? null,
  samples: figures?.samples ?? null,
  coverage: figures?.coverage ?? null,
});

type FigureName = keyof typeof FIGURE_COLUMNS;
type NameByVital = `${VitalId}_${FigureName}`;

const namesOf = (vital: VitalId): readonly (readonly [NameByVital, FigureName])[] =>
  (Object.keys(FIGURE_COLUMNS) as FigureName[]).map((name) => [`${vital}_${name}`, name] as const);

/** Columns of the figures of all vitals in one line, their names begun with the vital's. */
export const VITAL_COLUMNS = Object.fromEntries(
  VITAL_IDS.flatMap((vital) => namesOf(vital).map(([name, figure]) => [name, FIGURE_COLUMNS[figure]])),
) as {
  readonly [Name in NameByVital]: Name extends `${VitalId}_${infer F extends FigureName}`
    ? (typeof FIGURE_COLUMNS)[F]
    : never;
};

/** Figures of several vitals in one line; nulls for vitals that are not among them. */
export const vitalCells = (figures: readonly VitalFigures[]): TableRow<typeof VITAL_COLUMNS> =>
  Object.fromEntries(
    VITAL_IDS.flatMap((vital) => {
      const cells = figureCells(figures.find((each) => each.vital === vital));
      return namesOf(vital).map(([name, figure]) => [name, cells[figure]]);
    }),
  ) as TableRow<typeof VITAL_COLUMNS>;
