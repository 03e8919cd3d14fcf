import type { BreakdownRow } from '#reports';

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  connection: ['slow-2g', '2g', '3g', '4g', '5g'],
  protocol: ['h1', 'h2', 'h3'],
};

/** Rows in the order of what they are (numbers ascending, connections from slow to fast), not by how many; what is not known comes last. */
export const inOrder = (dimension: string, rows: readonly BreakdownRow[]): readonly BreakdownRow[] => {
  const known = ORDERS[dimension];
  const rank = ({ value }: BreakdownRow): number => {
    if (value === '') return Number.POSITIVE_INFINITY;
    if (known !== undefined) return known.includes(value) ? known.indexOf(value) : known.length;
    return Number.parseFloat(value);
  };
  return rows.toSorted((a, b) => {
    const [first, second] = [rank(a), rank(b)];
    return first === second ? 0 : first < second ? -1 : 1;
  });
};
