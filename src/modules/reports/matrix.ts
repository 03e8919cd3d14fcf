import { z } from 'zod';
import type { MatrixAnswer } from './contract.ts';
import { VITAL_COLUMNS, vitalCells } from './export-rows.ts';
import { type Described, formatParameter, type TableRow } from './report.ts';
import { SELECTION_PARAMETERS } from './selection.ts';

/** The matrix of a consortium, which the module `consortium` answers from summaries: how it is asked. */
export const MATRIX = {
  path: '/consortium/matrix',
  permission: 'consortium.get',
  description:
    "The caller's organization and each member that it may see side by side, each with its own summary or the reason why there is none",
  parameters: z.object({ ...SELECTION_PARAMETERS, format: formatParameter }),
} satisfies Described;

/** Columns of the matrix as a table. */
export const MATRIX_COLUMNS = {
  tenant: 'text',
  name: 'text',
  views: 'whole',
  passes: 'flag',
  ...VITAL_COLUMNS,
  refusal: 'text',
} as const;

/** The matrix as a table. */
export const matrixRows = ({ rows }: MatrixAnswer): readonly TableRow<typeof MATRIX_COLUMNS>[] =>
  rows.map(({ tenant, name, views, passes, vitals, refusal }) => ({
    tenant,
    name,
    views,
    passes,
    ...vitalCells(vitals),
    refusal,
  }));
