import { VITALS } from '#vitals';
import { reports } from '../api/reports.ts';
import { useApp } from '../state/app-state.ts';
import { useExtra, useExtraCount, useExtraOrdering } from '../state/use-extra.ts';
import { useRequest } from '../state/use-request.ts';
import { BreakdownTable } from './breakdown-table.tsx';
import { dimensionWords } from './dimension-words.ts';
import { Panel, Shown } from './panel.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { ORDER_COLUMNS, USUAL_ORDER } from './sort-head.tsx';
import type { Selected } from './use-selected.ts';

/** Tables of some dimensions behind tabs; a row narrows everything to itself. Tab, order and number of rows stand in the address, after `name`. */
export const BreakdownPanel = ({
  name,
  title,
  note,
  dimensions,
  selected,
  isAsked = true,
  limit = 8,
  all,
  class: extra = '',
}: {
  /** Of the panel in the address; one on its page. */
  readonly name: string;
  readonly title?: string;
  readonly note?: string;
  readonly dimensions: readonly [string, ...string[]];
  readonly selected: Selected;
  readonly isAsked?: boolean;
  readonly limit?: number;
  readonly class?: string;
  /** Where the whole list stands. */
  readonly all?: { readonly href: string; readonly words: string } | undefined;
}) => {
  const { view, selection, addFilter } = selected;
  const { router } = useApp();
  const rows = `${name}.rows`;
  const [dimension] = useExtra(name, dimensions[0], dimensions);
  const [order, setOrder] = useExtraOrdering(`${name}.order`, USUAL_ORDER, ORDER_COLUMNS);
  const [most, setMost] = useExtraCount(rows, limit, 500);
  const vitals = CORE.includes(view.vital) ? CORE : ([view.vital, ...CORE.slice(0, 2)] as const);
  const request = reports.breakdown(selection, {
    dimension,
    vital: view.vital,
    order: order.by,
    direction: order.direction,
    limit: most,
    vitals: vitals.join(','),
  });
  const asked = useRequest(isAsked ? request : null);
  return (
    <Panel
      class={extra}
      title={title ?? dimensionWords(dimension)}
      {...(note !== undefined && { note })}
      request={request}
      actions={
        dimensions.length > 1 && (
          <Segmented
            label={`${title ?? 'Table'}: by`}
            value={dimension}
            choices={dimensions.map((value) => ({ value, label: dimensionWords(value) }))}
            onValue={(value) =>
              router.setExtra({ [name]: value === dimensions[0] ? null : value, [rows]: null })
            }
          />
        )
      }
    >
      <Shown asked={asked} height={`${limit * 44}px`} isEmpty={({ rows }) => rows.length === 0}>
        {(breakdown) => (
          <>
            <BreakdownTable
              breakdown={breakdown}
              vitals={vitals}
              vital={view.vital}
              caption={`${dimensionWords(breakdown.dimension)} by page views, ${VITALS[view.vital].label} and more; a row narrows the page to itself`}
              onRow={(value) => addFilter(breakdown.dimension, value)}
              order={order}
              onOrder={setOrder}
            />
            {breakdown.totalRows > breakdown.rows.length && (
              <p class="more-rows">
                {all === undefined ? (
                  <button type="button" class="link-button" onClick={() => setMost(most + 50)}>
                    Show more of {breakdown.totalRows}
                  </button>
                ) : (
                  <a href={all.href}>{all.words}</a>
                )}
              </p>
            )}
          </>
        )}
      </Shown>
    </Panel>
  );
};

const CORE: readonly ('lcp' | 'inp' | 'cls' | 'fcp' | 'ttfb')[] = ['lcp', 'inp', 'cls'];
