import { useState } from 'preact/hooks';
import type { OwnRelationsAnswer } from '#operations';
import { ownOrganization } from '../../../api/operations.ts';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { EmptyState } from '../../../parts/message.tsx';
import { formatAgo, formatDay, NOTHING } from '../../../parts/numbers.ts';
import { Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useApp } from '../../../state/app-state.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Confirm } from '../parts/confirm.tsx';
import { lastDay } from '../parts/days.ts';
import { useAction } from '../parts/use-action.ts';
import { useHome } from '../parts/use-home.ts';
import '../parts/admin.css';

type OwnRelation = OwnRelationsAnswer['relations'][number];

/** Who may act for one's own organization, for its administrators; each of them can be ended here. */
export const Relations = () => {
  const now = useApp().now.value;
  const home = useHome();
  const asked = useRequest(ownOrganization.relations(home?.id));
  const [ending, setEnding] = useState<OwnRelation | null>(null);
  return (
    <div class="admin-page">
      <PageTitle
        title="Who may act here"
        note={`Organizations whose people may work for ${home?.name ?? 'your organization'}, with what, and until when. Ending one takes effect at once; an operator can let them in again.`}
      />
      <Panel title="Relations">
        <Shown
          asked={asked}
          height="160px"
          isEmpty={({ relations }) => relations.length === 0}
          empty={
            <EmptyState icon="people" title="Nobody acts for your organization">
              When an operator lets an agency or a consortium in, it stands here.
            </EmptyState>
          }
        >
          {({ relations }) => (
            <Table<OwnRelation>
              caption="Relations that let others act for this organization"
              rows={relations}
              keyOf={({ id }) => id}
              columns={[
                {
                  id: 'who',
                  title: 'Who',
                  cell: ({ tenantName, id }) => (
                    <>
                      <b>{tenantName}</b> <span class="admin-mono quiet">{id}</span>
                    </>
                  ),
                },
                { id: 'with', title: 'With', cell: ({ modules }) => modules.join(', ') },
                {
                  id: 'ceiling',
                  title: 'At most',
                  cell: ({ permissions, requiresAccount }) => (
                    <>
                      <span class="admin-mono">{permissions.join(', ')}</span>
                      {requiresAccount && <div class="admin-note">only with an account here</div>}
                    </>
                  ),
                },
                {
                  id: 'until',
                  title: 'Until',
                  cell: ({ state, expiresAt }) =>
                    state === 'expired' ? (
                      <Tag>ended</Tag>
                    ) : expiresAt === null ? (
                      'without end'
                    ) : (
                      formatDay(lastDay(expiresAt))
                    ),
                },
                {
                  id: 'used',
                  title: 'Last write',
                  cell: ({ lastWriteAt }) => (lastWriteAt === null ? NOTHING : formatAgo(lastWriteAt, now)),
                },
                {
                  id: 'end',
                  title: '',
                  isNumber: true,
                  cell: (relation) =>
                    relation.state === 'active' && <Button onClick={() => setEnding(relation)}>End</Button>,
                },
              ]}
            />
          )}
        </Shown>
      </Panel>
      {ending !== null && asked.data !== undefined && (
        <EndOwn
          relation={ending}
          version={asked.data.version}
          onClose={() => setEnding(null)}
          onEnded={() => {
            setEnding(null);
            asked.reload();
          }}
        />
      )}
    </div>
  );
};

const EndOwn = ({
  relation,
  version,
  onClose,
  onEnded,
}: {
  readonly relation: OwnRelation;
  readonly version: string;
  readonly onClose: () => void;
  readonly onEnded: () => void;
}) => {
  const action = useAction();
  const end = async (): Promise<void> => {
    const path = `/organizations/relations/${encodeURIComponent(relation.id)}?version=${encodeURIComponent(version)}`;
    if ((await action.send('DELETE', path, undefined, 'The relation was ended.')) !== undefined) onEnded();
  };
  return (
    <Confirm
      title={`End what lets ${relation.tenantName} act here?`}
      words="End it"
      action={action}
      onConfirm={() => void end()}
      onClose={onClose}
    >
      <p>
        People of {relation.tenantName} can no longer see or write anything of your organization by it. Notes
        that they wrote stay. Only an operator can undo this.
      </p>
    </Confirm>
  );
};
