import type { MatrixAnswer } from '#reports';
import { type VitalId, VITALS } from '#vitals';
import { matrixRequest } from '../../api/reports.ts';
import { MiniDistribution } from '../../charts/mini-distribution.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { formatCount } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { type Column, sorted, Table } from '../../parts/table.tsx';
import { useApp } from '../../state/app-state.ts';
import { periodOf } from '../../state/moment.ts';
import { DEFAULT_VIEW, formatAddress } from '../../state/url.ts';
import { useExtra, useExtraOrdering } from '../../state/use-extra.ts';
import { useRequest } from '../../state/use-request.ts';
import { ConsortiumNotes } from './consortium-notes.tsx';
import './consortium-home.css';

type Row = MatrixAnswer['rows'][number];

const SHOWN = [
  { value: 'all', label: 'All' },
  { value: 'failing', label: 'Does not pass' },
  { value: 'passing', label: 'Passes' },
] as const;
const SHOWN_NAMES = SHOWN.map(({ value }) => value);
/** By what members are ordered. */
const COLUMNS: readonly string[] = ['name', 'views', 'lcp', 'inp', 'cls', 'passes'];

/** All members side by side. A row leads into the organization, where one acts in its context. */
export const ConsortiumHome = () => {
  const { router, organization, now } = useApp();
  const { view } = router.address.value;
  const period = periodOf(view.from, view.to, now.value);
  const request = matrixRequest([
    ['from', new Date(period.from).toISOString()],
    ['to', new Date(period.to).toISOString()],
  ]);
  const asked = useRequest(request);
  const [shown, setShown] = useExtra('show', 'all', SHOWN_NAMES);
  const [sorting, setSorting] = useExtraOrdering('order', { by: 'views', direction: 'desc' }, COLUMNS);
  const hrefOf = (tenant: string): string =>
    formatAddress({
      ...router.address.value,
      org: tenant,
      site: null,
      scope: 'site',
      page: 'overview',
      rest: [],
      extra: {},
      view: { ...DEFAULT_VIEW, from: view.from, to: view.to },
    });
  const columns = columnsFor(hrefOf);
  const rows = sorted(
    (asked.data?.rows ?? []).filter(({ passes }) => shown === 'all' || passes === (shown === 'passing')),
    columns,
    sorting,
  );
  return (
    <>
      <PageTitle
        title={`Members of ${organization.value?.name ?? ''}`}
        note="Each cell shows the p75 and how page views were, in all browsers: good, needs work, poor. A member’s name leads to its charts; there you act in its context."
      />
      <Panel
        title="Members"
        request={request}
        actions={<Segmented label="Show" value={shown} choices={SHOWN} onValue={setShown} />}
      >
        <Shown
          asked={asked}
          height="320px"
          isEmpty={(matrix) => matrix.rows.length === 0}
          empty={
            <p class="panel-empty">No member lets you see its reports. A relation in users-map.yaml does.</p>
          }
        >
          {() =>
            rows.length === 0 ? (
              <p class="panel-empty">No member is like this.</p>
            ) : (
              <Table
                caption="Members with their vitals"
                columns={columns}
                rows={rows}
                keyOf={({ tenant }) => tenant}
                sorting={sorting}
                onSort={setSorting}
              />
            )
          }
        </Shown>
      </Panel>
      <ConsortiumNotes period={period} />
    </>
  );
};

const columnsFor = (hrefOf: (tenant: string) => string): readonly Column<Row>[] => [
  {
    id: 'name',
    title: 'Organization',
    sort: ({ name }) => name,
    cell: ({ tenant, name, refusal }) =>
      refusal === null ? (
        <a class="matrix-name" href={hrefOf(tenant)}>
          {name}
        </a>
      ) : (
        <span class="matrix-name">
          {name}
          <span class="quiet matrix-refusal">{refusal}</span>
        </span>
      ),
  },
  {
    id: 'views',
    title: 'Page views',
    isNumber: true,
    sort: ({ views }) => views,
    cell: ({ views }) => <span class="numbers">{formatCount(views)}</span>,
  },
  ...(['lcp', 'inp', 'cls'] as const).map((vital) => ({
    id: vital,
    title: VITALS[vital].label,
    sort: (row: Row) => shareOf(row, vital),
    cell: (row: Row) => <MiniDistribution figures={row.vitals.find((each) => each.vital === vital)} />,
  })),
  {
    id: 'passes',
    title: 'Passes',
    sort: ({ passes }) => (passes === null ? null : Number(passes)),
    cell: ({ passes, refusal }) => {
      if (passes === null) return <span class="quiet">{refusal === null ? 'too few to rate' : '–'}</span>;
      return passes ? <span class="is-good">● passes</span> : <span class="is-poor">■ does not</span>;
    },
  },
];

const shareOf = (row: Row, vital: VitalId): number | null =>
  row.vitals.find((each) => each.vital === vital)?.shares?.good ?? null;
