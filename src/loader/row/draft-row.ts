import { type DraftRow, EVENT_COLUMNS } from '#warehouse';

export type { DraftRow } from '#warehouse';

/** A row in memory in which everything is missing. The loader fills rows of the warehouse's writer instead, which costs a tenth. */
export const neutralRow = (): DraftRow =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- every column has its neutral value
  Object.fromEntries(EVENT_COLUMNS.map(({ name, type }) => [name, neutralValue(type)])) as DraftRow;

const neutralValue = (type: string): unknown => {
  if (type.includes('Nullable(')) return null;
  if (type.startsWith('Array(')) return [];
  if (type.startsWith('Map(')) return new Map();
  if (type === 'Bool') return false;
  return type.includes('String') ? '' : 0;
};
