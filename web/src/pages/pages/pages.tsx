import type { Breakdown } from '#reports';
import { type VitalId, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import type { Request } from '../../api/request.ts';
import { TextField } from '../../parts/field.tsx';
import { formatCount } from '../../parts/numbers.ts';
import { BreakdownTable } from '../../reports/breakdown-table.tsx';
import { pageHref } from '../../reports/page-links.ts';
import { NoViews, Panel, Shown } from '../../reports/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { type Order, ORDER_COLUMNS, USUAL_ORDER } from '../../reports/sort-head.tsx';
import { useRowsBefore } from '../../reports/use-rows-before.ts';
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
  const { view, selection } = selected;
  const [layout, setLayout] = useExtra('layout', 'groups', LAYOUT_NAMES);
  const [order, setOrder] = useExtraOrdering('order', USUAL_ORDER, ORDER_COLUMNS);
  const [search, setSearch] = useExtraText('search');
  const [limit, setLimit] = useExtraCount('rows', PAGE, MOST_ROWS);
  const wanted = useSettled(search);
  const vitals = CORE.includes(view.vital) ? CORE : [view.vital, ...CORE];
  const shown = layout === 'groups' && search !== '' ? 'flat' : layout;
  const asWanted = { vital: view.vital, search: wanted === '' ? undefined : wanted };
  const inOrder = { order: order.by, direction: order.direction, vitals: vitals.join(',') };
  const request = reports.breakdown(
    selection,
    {
      groups: { dimension: 'page_group', vital: view.vital, ...inOrder, limit: MOST_GROUPS },
      flat: { dimension: 'url_path', ...asWanted, ...inOrder, limit },
      columns: { dimension: 'url_path', ...asWanted, vitals: view.vital, limit: MOST_IN_COLUMNS },
    }[shown],
  );
  const table = { selected, request, order, onOrder: setOrder, vitals };
  return (
    <>
      <PageTitle
        title="Pages"
        note="Which pages are slow, and for how many visitors."
        actions={<VitalChoice />}
      />
      <Panel
        title={titleOf(layout, search, VITALS[view.vital].label)}
        request={request}
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
        {shown === 'groups' && <GroupTable {...table} />}
        {shown === 'flat' && <FlatTable {...table} wanted={wanted} onMore={() => setLimit(limit + PAGE)} />}
        {shown === 'columns' && <ThreeColumns selected={selected} request={request} />}
      </Panel>
    </>
  );
};

/** A search looks through all pages, whatever their group. */
const titleOf = (layout: (typeof LAYOUT_NAMES)[number], search: string, vital: string): string => {
  if (layout === 'columns') return `Pages by ${vital}`;
  return layout === 'flat' || search !== '' ? 'All pages' : 'Pages by group';
};

const PAGE = 50;
const MOST_ROWS = 500;
const MOST_GROUPS = 100;
const MOST_IN_COLUMNS = 200;

const FlatTable = ({
  selected,
  request,
  order,
  onOrder,
  vitals,
  wanted,
  onMore,
}: {
  readonly selected: Selected;
  readonly request: Request<Breakdown>;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly vitals: readonly VitalId[];
  /** What was searched for. */
  readonly wanted: string;
  readonly onMore: () => void;
}) => {
  const { view } = selected;
  const asked = useRequest(request, 'first');
  const before = useRowsBefore(
    selected,
    {
      dimension: 'url_path',
      vital: view.vital,
      vitals: view.vital,
      search: wanted === '' ? undefined : wanted,
    },
    asked.data !== undefined,
  );
  return (
    <Shown
      asked={asked}
      height="480px"
      isEmpty={({ rows }) => rows.length === 0}
      empty={
        wanted === '' ? (
          <NoViews />
        ) : (
          <p class="panel-empty">No path contains “{wanted}” in this selection.</p>
        )
      }
    >
      {(breakdown) => (
        <>
          <BreakdownTable
            breakdown={breakdown}
            vitals={vitals}
            vital={view.vital}
            caption="Pages by path"
            before={before}
            rowHref={(value) => pageHref(selected, 'path', value)}
            order={order}
            onOrder={onOrder}
          />
          {breakdown.totalRows > breakdown.rows.length && (
            <p class="more-rows">
              <button type="button" class="link-button" onClick={onMore}>
                Show more of {formatCount(breakdown.totalRows)} pages
              </button>
            </p>
          )}
        </>
      )}
    </Shown>
  );
};
