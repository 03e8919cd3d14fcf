import type { Breakdown, BreakdownRow } from '#reports';
import type { VitalId } from '#vitals';
import { VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import type { Request } from '../../api/request.ts';
import { MiniDistribution } from '../../charts/mini-distribution.tsx';
import { Icon } from '../../parts/icon.tsx';
import { formatCount, formatPercent } from '../../parts/numbers.ts';
import { type Order, SortHead } from '../../reports/sort-head.tsx';
import { ChangeCell, ChangeHead } from '../../reports/change-cell.tsx';
import { valueWords } from '../../reports/dimension-words.ts';
import { pageHref } from '../../reports/page-links.ts';
import { Shown } from '../../reports/panel.tsx';
import { useRowsBefore } from '../../reports/use-rows-before.ts';
import type { Selected } from '../../reports/use-selected.ts';
import { toggled } from '../../state/extra.ts';
import { useExtraNames } from '../../state/use-extra.ts';
import { useRequest } from '../../state/use-request.ts';
import './pages.css';

interface GroupTableProps {
  readonly selected: Selected;
  readonly request: Request<Breakdown>;
  readonly order: Order;
  readonly onOrder: (order: Order) => void;
  readonly vitals: readonly VitalId[];
}

/** Page groups; one that is opened shows its pages below it. */
export const GroupTable = ({ selected, request, order, onOrder, vitals }: GroupTableProps) => {
  const { view } = selected;
  const [open, setOpen] = useExtraNames('open');
  const asked = useRequest(request, 'first');
  const before = useRowsBefore(
    selected,
    { dimension: 'page_group', vital: view.vital, vitals: view.vital },
    asked.data !== undefined,
  );
  return (
    <Shown asked={asked} height="480px" isEmpty={({ rows }) => rows.length === 0}>
      {({ rows, total }) => (
        <div class="breakdown-scroll">
          <table class="breakdown">
            <caption class="unseen">Page groups; a group can be opened to show its pages</caption>
            <thead>
              <tr>
                <SortHead by="name" order={order} onOrder={onOrder}>
                  Page group
                </SortHead>
                <SortHead by="views" order={order} onOrder={onOrder} isNumber>
                  Page views
                </SortHead>
                {vitals.map((vital) =>
                  vital === view.vital ? (
                    <SortHead key={vital} by="value" order={order} onOrder={onOrder}>
                      {VITALS[vital].label}
                    </SortHead>
                  ) : (
                    <th key={vital} scope="col">
                      {VITALS[vital].label}
                    </th>
                  ),
                )}
                <ChangeHead before={before} vital={view.vital} />
              </tr>
            </thead>
            {rows.map((row) => (
              <tbody key={row.value}>
                <tr>
                  <th scope="row">
                    <span class="group-name">
                      <button
                        type="button"
                        class="group-toggle"
                        aria-expanded={open.has(row.value)}
                        aria-label={`Pages of ${valueWords('page_group', row.value)}`}
                        onClick={() => setOpen(toggled(open, row.value))}
                      >
                        <Icon name={open.has(row.value) ? 'down' : 'right'} />
                      </button>
                      <a class="row-name" href={pageHref(selected, 'group', row.value)}>
                        {valueWords('page_group', row.value)}
                      </a>
                    </span>
                  </th>
                  <RowCells row={row} vitals={vitals} />
                  <ChangeCell row={row} before={before} vital={view.vital} />
                </tr>
                {open.has(row.value) && <GroupPages selected={selected} group={row.value} vitals={vitals} />}
              </tbody>
            ))}
            {rows.length > 1 && (
              <tfoot>
                <tr>
                  <th scope="row">All together</th>
                  <RowCells row={total} vitals={vitals} />
                  <td />
                </tr>
              </tfoot>
            )}
          </table>
        </div>
      )}
    </Shown>
  );
};

const MOST_PAGES = 20;

const GroupPages = ({
  selected,
  group,
  vitals,
}: {
  readonly selected: Selected;
  readonly group: string;
  readonly vitals: readonly VitalId[];
}) => {
  const { selection, view } = selected;
  const filter = ['filter', `page_group:is:${encodeURIComponent(group)}`] as const;
  const ofGroup = {
    ...selected,
    selection: [...selection, filter],
    compared: selected.compared === null ? null : [...selected.compared, filter],
  };
  const asked = useRequest(
    reports.breakdown(ofGroup.selection, {
      dimension: 'url_path',
      vital: view.vital,
      limit: MOST_PAGES,
      vitals: vitals.join(','),
    }),
  );
  const before = useRowsBefore(
    ofGroup,
    { dimension: 'url_path', vital: view.vital, vitals: view.vital },
    asked.data !== undefined,
  );
  if (asked.data === undefined)
    return (
      <tr>
        <td colSpan={vitals.length + 3} class="quiet group-page">
          {asked.error === undefined ? 'Loading…' : asked.error.message}
        </td>
      </tr>
    );
  const { rows, totalRows } = asked.data;
  return (
    <>
      {rows.map((row) => (
        <tr key={row.value}>
          <th scope="row" class="group-page">
            <a class="row-name" href={pageHref(selected, 'path', row.value)} title={row.value}>
              {valueWords('url_path', row.value)}
            </a>
          </th>
          <RowCells row={row} vitals={vitals} />
          <ChangeCell row={row} before={before} vital={view.vital} />
        </tr>
      ))}
      {totalRows > rows.length && (
        <tr>
          <td colSpan={vitals.length + 3} class="quiet group-page">
            and {formatCount(totalRows - rows.length)} more
          </td>
        </tr>
      )}
    </>
  );
};

const RowCells = ({ row, vitals }: { readonly row: BreakdownRow; readonly vitals: readonly VitalId[] }) => (
  <>
    <td class="breakdown-views" data-label="Page views">
      <span class="numbers">{formatCount(row.views)}</span>{' '}
      <span class="quiet numbers">{formatPercent(row.share)}</span>
    </td>
    {vitals.map((vital) => (
      <td key={vital} data-label={VITALS[vital].label}>
        <MiniDistribution figures={row.vitals.find((figures) => figures.vital === vital)} />
      </td>
    ))}
  </>
);
