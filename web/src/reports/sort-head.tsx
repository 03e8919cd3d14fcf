import type { ComponentChildren } from 'preact';
import type { Ordering } from '../state/extra.ts';
import './breakdown-table.css';

/** By what a table of a breakdown can be ordered. */
export const ORDER_COLUMNS = ['views', 'impact', 'value', 'name'] as const;

/** By what a table of a breakdown is ordered. */
export type Order = Ordering<(typeof ORDER_COLUMNS)[number]>;

/** Most page views first. */
export const USUAL_ORDER: Order = { by: 'views', direction: 'desc' };

/** The head of a column; with `onOrder` a button that orders by it. */
export const SortHead = ({
  by,
  order,
  onOrder,
  isNumber = false,
  children,
}: {
  readonly by: Order['by'];
  readonly order: Order | undefined;
  readonly onOrder: ((order: Order) => void) | undefined;
  readonly isNumber?: boolean;
  readonly children: ComponentChildren;
}) => {
  const kind = isNumber ? 'is-number' : '';
  if (onOrder === undefined)
    return (
      <th scope="col" class={kind}>
        {children}
      </th>
    );
  const isNow = order?.by === by;
  const next = isNow && order.direction === 'desc' ? 'asc' : isNow ? 'desc' : by === 'name' ? 'asc' : 'desc';
  return (
    <th
      scope="col"
      class={kind}
      aria-sort={isNow ? (order.direction === 'asc' ? 'ascending' : 'descending') : 'none'}
    >
      <button type="button" class="sort-head" onClick={() => onOrder({ by, direction: next })}>
        {children} <span aria-hidden="true">{isNow ? (order.direction === 'asc' ? '↑' : '↓') : ''}</span>
      </button>
    </th>
  );
};
