import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import './table.css';

/** A column of a table of `Row`s. The first column is the row's head. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** Right-aligned, figures under figures. */
  readonly isNumber?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
  /** With which a click on the title sorts; without, it does not. */
  readonly sort?: (row: Row) => number | string | null;
}

/** By which column, and how. */
export interface Sorting {
  readonly by: string;
  readonly direction: 'asc' | 'desc';
}

/**
 * A table with a caption (read out, seen by nobody else), whose titles sort; on phones each row becomes a card. Sorting is the caller's state, so it can be in
 * the address: `sorted(rows, columns, sorting)` does it for rows that are all here.
 */
export const Table = <Row,>({
  caption,
  columns,
  rows,
  keyOf,
  sorting,
  onSort,
  isCards = true,
}: {
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly sorting?: Sorting | undefined;
  readonly onSort?: ((sorting: Sorting) => void) | undefined;
  readonly isCards?: boolean;
}) => (
  <div class="table-scroll">
    <table class={isCards ? 'table is-cards' : 'table'}>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <Title key={column.id} column={column} sorting={sorting} onSort={onSort} />
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map((column, place) =>
              place === 0 ? (
                <th key={column.id} scope="row">
                  {column.cell(row)}
                </th>
              ) : (
                <td
                  key={column.id}
                  class={column.isNumber === true ? 'is-number' : undefined}
                  data-label={column.title}
                >
                  {column.cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Title = <Row,>({
  column,
  sorting,
  onSort,
}: {
  readonly column: Column<Row>;
  readonly sorting: Sorting | undefined;
  readonly onSort: ((sorting: Sorting) => void) | undefined;
}) => {
  const { id, title, isNumber = false, sort } = column;
  const isBy = sorting?.by === id;
  const next = isBy ? (sorting.direction === 'desc' ? 'asc' : 'desc') : isNumber ? 'desc' : 'asc';
  return (
    <th
      scope="col"
      class={isNumber ? 'is-number' : undefined}
      {...(isBy && {
        'aria-sort': sorting.direction === 'asc' ? ('ascending' as const) : ('descending' as const),
      })}
    >
      {sort === undefined || onSort === undefined ? (
        title
      ) : (
        <button type="button" class="table-sort" onClick={() => onSort({ by: id, direction: next })}>
          {title}
          {isBy && <Icon name={sorting.direction === 'asc' ? 'up' : 'falling'} size={12} />}
        </button>
      )}
    </th>
  );
};

/** The rows in order; rows without a value come last either way. */
export const sorted = <Row,>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  sorting: Sorting | undefined,
): readonly Row[] => {
  const sort = columns.find(({ id }) => id === sorting?.by)?.sort;
  if (sort === undefined || sorting === undefined) return rows;
  const sign = sorting.direction === 'asc' ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [x, y] = [sort(a), sort(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    if (typeof x === 'string' || typeof y === 'string') return sign * String(x).localeCompare(String(y));
    return sign * (x - y);
  });
};
