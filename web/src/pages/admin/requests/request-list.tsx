import { useState } from 'preact/hooks';
import type { RequestLine } from '#operations';
import { operations } from '../../../api/operations.ts';
import { durationText } from '../../../charts/sequence-layout.ts';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { SelectField, TextField } from '../../../parts/field.tsx';
import { EmptyState } from '../../../parts/message.tsx';
import { formatCount, formatMoment, NOTHING } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useApp } from '../../../state/app-state.ts';
import { DEFAULT_VIEW, formatAddress } from '../../../state/url.ts';
import { useRequest } from '../../../state/use-request.ts';
import { useHome } from '../parts/use-home.ts';
import '../parts/admin.css';

/** Requests that are shown at first, and so many more each time; the gateway tells at most `MOST`. */
const FIRST = 40;
const MOST = 500;

/** The requests whose trace the gateway keeps. */
export const RequestList = () => {
  const { router } = useApp();
  const { org, extra } = router.address.value;
  const wish = {
    tenant: extra['tenant'] ?? '',
    path: extra['path'] ?? '',
    minStatus: extra['status'] ?? '',
  };
  const [limit, setLimit] = useState(FIRST);
  const asked = useRequest(operations.requests(useHome()?.id, { ...wish, limit }));
  const linkTo = (id: string): string =>
    formatAddress({
      org,
      site: null,
      scope: 'organization',
      page: 'requests',
      rest: id.split('/'),
      view: DEFAULT_VIEW,
      extra: {},
    });
  return (
    <div class="admin-page">
      <PageTitle
        title="Requests"
        note="What the gateway answered lately, for whom, by which module. A request's trace is drawn when it is chosen."
        actions={<Button onClick={asked.reload}>Look again</Button>}
      />
      <Panel title="Recent requests">
        <Filters wish={wish} set={(change) => router.setExtra(change, { replace: true })} />
        <Shown
          asked={asked}
          height="320px"
          isEmpty={({ requests }) => requests.length === 0}
          empty={
            <EmptyState icon="trace" title="No request fits">
              Traces are kept for an hour. Take a filter away, or do something and look again.
            </EmptyState>
          }
        >
          {({ requests }) => (
            <>
              <Table<RequestLine>
                caption="Recent requests, newest first"
                rows={requests}
                keyOf={({ id }) => id}
                columns={[
                  {
                    id: 'request',
                    title: 'Request',
                    cell: ({ id, method, path }) => (
                      <a href={linkTo(id)}>
                        <span class="admin-mono">
                          {method} {path}
                        </span>
                      </a>
                    ),
                  },
                  { id: 'at', title: 'At (UTC)', cell: ({ startedAt }) => timeText(startedAt) },
                  { id: 'for', title: 'For', cell: ({ tenants }) => <Tenants {...tenants} /> },
                  { id: 'module', title: 'Module', cell: ({ module }) => module ?? NOTHING },
                  {
                    id: 'status',
                    title: 'Status',
                    cell: ({ status, module }) =>
                      status === null && module === null ? <Tag>under way</Tag> : <Status status={status} />,
                  },
                  { id: 'hops', title: 'Hops', isNumber: true, cell: ({ hops }) => formatCount(hops) },
                  {
                    id: 'time',
                    title: 'Time',
                    isNumber: true,
                    cell: ({ durationUs }) => durationText(durationUs),
                  },
                ]}
              />
              {requests.length === limit && limit < MOST && (
                <div>
                  <Button onClick={() => setLimit(Math.min(MOST, limit + 100))}>Show more</Button>
                </div>
              )}
            </>
          )}
        </Shown>
      </Panel>
    </div>
  );
};

const Filters = ({
  wish,
  set,
}: {
  readonly wish: { readonly tenant: string; readonly path: string; readonly minStatus: string };
  readonly set: (change: Readonly<Record<string, string | null>>) => void;
}) => {
  const [tenant, setTenant] = useState(wish.tenant);
  const [path, setPath] = useState(wish.path);
  return (
    <form
      class="admin-row"
      onSubmit={(event) => {
        event.preventDefault();
        set({ tenant: tenant.trim() || null, path: path.trim() || null });
      }}
    >
      <TextField label="Organization" value={tenant} onValue={setTenant} spellcheck={false} />
      <TextField label="Path begins with" value={path} onValue={setPath} spellcheck={false} />
      <SelectField
        label="Answered"
        value={wish.minStatus}
        onValue={(status) => set({ status: status || null })}
        choices={[
          { value: '', label: 'anything' },
          { value: '400', label: '400 and above' },
          { value: '500', label: '500 and above' },
        ]}
      />
      <Button type="submit">Filter</Button>
    </form>
  );
};

/** For whom: where the user belongs, and where it was executed when that is elsewhere. */
export const Tenants = ({ origin, requested, execution }: RequestLine['tenants']) => {
  const target = execution ?? requested;
  if (target === '') return <span class="quiet">nobody</span>;
  if (origin === null || origin === target) return <span>{target}</span>;
  return (
    <span>
      {origin} <span aria-label="acting for">→</span> {target}
    </span>
  );
};

/** A status, never told by colour alone. */
export const Status = ({ status }: { readonly status: number | null }) => {
  if (status === null) return <Tag kind="trouble">no answer</Tag>;
  return <Tag kind={status < 400 ? 'good' : status < 500 ? 'warning' : 'trouble'}>{status}</Tag>;
};

const timeText = (instant: string): string => `${formatMoment(instant)}:${instant.slice(17, 19)}`;
