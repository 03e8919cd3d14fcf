import type { Breakdown } from '#reports';
import { type VitalId, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { TextField } from '../../parts/field.tsx';
import { formatCount } from '../../parts/numbers.ts';
import { BreakdownTable } from '../../reports/breakdown-table.tsx';
import { pageHref } from '../../reports/page-links.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { type Order, ORDER_COLUMNS, USUAL_ORDER } from '../../reports/sort-head.tsx';
import { type Selected, useSelected } from '../../reports/use-selected.ts';
import { useSettled } from '../../reports/use-settled.ts';
import { VitalChoice } from '../../reports/vital-choice.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useExtra, useExtraCount, useExtraOrdering, useExtraText } from '../../state/use-extra.ts';
import { useRequest } from '../../state/use-request.ts';
import { GroupTable } from './group-table.tsx';
import { ThreeColumns } from './three-columns.tsx';

const LAYOUTS = [
  { value: 'groups', label: 'Groups' },
  { value: 'flat', label: 'All pages' },
  { value: 'columns', label: 'By rating' },
] as const;
const LAYOUT_NAMES = LAYOUTS.map(({ value }) => value);

const CORE: readonly VitalId[] = ['lcp', 'inp', 'cls'];

/** Which pages are slow: by group, all of them, or in three columns by rating. */
export const Pages = () => {
  const selected = useSelected();
  const { view } = selected;
  const [layout, setLayout] = useExtra('layout', 'groups', LAYOUT_NAMES);
  const [order, setOrder] = useExtraOrdering('order', USUAL_ORDER, ORDER_COLUMNS);
  const [search, setSearch] = useExtraText('search');
  const vitals = CORE.includes(view.vital) ? CORE : [view.vital, ...CORE];
  const table = { selected, order, onOrder: setOrder, vitals };
  return (
    <>
      <PageTitle
        title="Pages"
        note="Which pages are slow, and for how many visitors."
        actions={<VitalChoice />}
      />
      <Panel
        title={layout === 'columns' ? `Pages by ${VITALS[view.vital].label}` : 'Pages by group'}
        actions={<Segmented label="Layout" value={layout} choices={LAYOUTS} onValue={setLayout} />}
      >
        <div class="pages-search">
          <TextField
            label="Search"
            type="search"
            placeholder="Part of a path"
            value={search}
            onValue={setSearch}
          />
        </div>
        {layout === 'groups' && search === '' && <GroupTable {...table} />}
        {(layout === 'flat' || (layout === 'groups' && search !== '')) && (
          <FlatTable {...table} search={search} />
        )}
        {layout === 'columns' && <ThreeColumns selected={selected} search={search} />}
      </Panel>
    </>
  );
};

const PAGE = 50;
const MOST_ROWS = 500;

const FlatTable = ({
  selected,
  order,
  onOrder,
  vitals,
  search,
}: {
  readonly selected: Selected;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly vitals: readonly VitalId[];
  readonly search: string;
}) => {
  const { view, selection } = selected;
  const [limit, setLimit] = useExtraCount('rows', PAGE, MOST_ROWS);
  const wanted = useSettled(search);
  const asked = useRequest(
    reports.breakdown(selection, {
      dimension: 'url_path',
      vital: view.vital,
      order: order.by,
      direction: order.direction,
      limit,
      vitals: vitals.join(','),
      search: wanted === '' ? undefined : wanted,
    }),
  );
  return (
    <Shown
      asked={asked}
      height="480px"
      isEmpty={({ rows }) => rows.length === 0}
      empty={<p class="panel-empty">No path contains “{wanted}” in this selection.</p>}
    >
      {(breakdown: Breakdown) => (
        <>
          <BreakdownTable
            breakdown={breakdown}
            vitals={vitals}
            vital={view.vital}
            caption="Pages by path"
            rowHref={(value) => pageHref(selected, 'path', value)}
            order={order}
            onOrder={onOrder}
          />
          {breakdown.totalRows > breakdown.rows.length && (
            <p class="more-rows">
              <button type="button" class="link-button" onClick={() => setLimit(limit + PAGE)}>
                Show more of {formatCount(breakdown.totalRows)} pages
              </button>
            </p>
          )}
        </>
      )}
    </Shown>
  );
};
