import { useId } from 'preact/hooks';
import type { HopLine, RequestTraceAnswer } from '#operations';
import { operations } from '../../../api/operations.ts';
import { SequenceDiagram } from '../../../charts/sequence.tsx';
import { durationText } from '../../../charts/sequence-layout.ts';
import { ButtonLink } from '../../../parts/button.tsx';
import { formatCount, formatMoment, NOTHING } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useApp } from '../../../state/app-state.ts';
import { DEFAULT_VIEW, formatAddress } from '../../../state/url.ts';
import { useRequest } from '../../../state/use-request.ts';
import { useHome } from '../parts/use-home.ts';
import { Status, Tenants } from './request-list.tsx';
import '../parts/admin.css';

/** One request: who called whom, in which tenant, how long it took. */
export const RequestTrace = ({ id }: { readonly id: string }) => {
  const { org } = useApp().router.address.value;
  const asked = useRequest(operations.request(useHome()?.id, id));
  const list = formatAddress({
    org,
    site: null,
    scope: 'organization',
    page: 'requests',
    rest: [],
    view: DEFAULT_VIEW,
    extra: {},
  });
  return (
    <div class="admin-page">
      <PageTitle
        title={`Request ${id}`}
        note="Every call of a module, from the client through the gateway and back."
        actions={<ButtonLink href={list}>All requests</ButtonLink>}
      />
      <Shown asked={asked} height="400px">
        {(trace) => <Trace trace={trace} />}
      </Shown>
    </div>
  );
};

const Trace = ({ trace }: { readonly trace: RequestTraceAnswer }) => {
  const words = useId();
  return (
    <div class="admin-page">
      <Panel title="The request">
        <dl class="admin-facts">
          <dt>At</dt>
          <dd>{formatMoment(trace.startedAt)} UTC</dd>
          <dt>By</dt>
          <dd>
            {trace.userId === null ? 'nobody who is known' : `user ${trace.userId}`}
            {trace.originTenant !== null && ` of ${trace.originTenant}`}
          </dd>
          <dt>Hops</dt>
          <dd>
            {formatCount(trace.hops.length)}
            {trace.dropped > 0 && `, and ${formatCount(trace.dropped)} that were not kept`}
          </dd>
        </dl>
      </Panel>
      <Panel
        title="Sequence"
        note="Times at the left are since the request began. Dashed arrows are answers."
      >
        <SequenceDiagram rootId={trace.id} hops={trace.hops} describedBy={words} />
      </Panel>
      <Panel title="The same as a list">
        <div id={words}>
          <Table<HopLine & { readonly number: number }>
            caption="Hops in the order in which they began"
            rows={trace.hops.map((hop, place) => ({ ...hop, number: place + 1 }))}
            keyOf={({ number }) => String(number)}
            columns={[
              {
                id: 'what',
                title: 'Call',
                cell: ({ number, method, path, actors }) => (
                  <span class="admin-mono">
                    {number}. {method} {path}
                    {actors.length > 0 && <span class="quiet"> by {actors.at(-1)}</span>}
                  </span>
                ),
              },
              { id: 'phase', title: 'Phase', cell: ({ phase }) => phase },
              { id: 'module', title: 'Module', cell: ({ module }) => module ?? 'gateway' },
              { id: 'for', title: 'For', cell: ({ tenants }) => <Tenants {...tenants} /> },
              {
                id: 'by',
                title: 'By',
                cell: ({ relation, rule }) => [relation, rule].filter(Boolean).join(', ') || NOTHING,
              },
              { id: 'status', title: 'Status', cell: ({ status }) => <Status status={status} /> },
              {
                id: 'start',
                title: 'After',
                isNumber: true,
                cell: ({ startUs }) => durationText(startUs),
              },
              {
                id: 'time',
                title: 'Took',
                isNumber: true,
                cell: ({ durationUs }) => durationText(durationUs),
              },
              { id: 'error', title: 'Why it failed', cell: ({ error }) => error ?? NOTHING },
            ]}
          />
        </div>
      </Panel>
    </div>
  );
};
