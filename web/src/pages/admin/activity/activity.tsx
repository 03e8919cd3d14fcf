import { useState } from 'preact/hooks';
import type { AuditAnswer, AuditLine } from '#operations';
import { operations, ownOrganization } from '../../../api/operations.ts';
import { Button } from '../../../parts/button.tsx';
import { EmptyState } from '../../../parts/message.tsx';
import { formatMoment, NOTHING } from '../../../parts/numbers.ts';
import { Segmented } from '../../../parts/segmented.tsx';
import { Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useApp } from '../../../state/app-state.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Status } from '../requests/request-list.tsx';
import { useHome } from '../parts/use-home.ts';
import '../parts/admin.css';

/** The audit trail: who changed what, for whom, with which result. */
export const Activity = () => {
  const { router, access } = useApp();
  const home = useHome();
  const mayAll = access.me.value?.permissions.includes('operations.audit.get') === true;
  const { extra } = router.address.value;
  const isAll = mayAll && extra['of'] === 'all';
  const changesOnly = extra['only'] === 'changes';
  return (
    <div class="admin-page">
      <PageTitle
        title="Activity"
        note="What people did for another organization than their own, in the trails of both, and what operators and administrators changed. Reads of the same kind share an entry. Entries stay for two years."
        actions={
          <>
            <Segmented
              label="What is shown"
              value={changesOnly ? 'changes' : 'all'}
              onValue={(only) =>
                router.setExtra({ only: only === 'changes' ? 'changes' : null }, { replace: true })
              }
              choices={[
                { value: 'all', label: 'Reads and changes' },
                { value: 'changes', label: 'Changes only' },
              ]}
            />
            {mayAll && (
              <Segmented
                label="Whose trail"
                value={isAll ? 'all' : 'own'}
                onValue={(of) => router.setExtra({ of: of === 'all' ? 'all' : null }, { replace: true })}
                choices={[
                  { value: 'own', label: home?.name ?? 'Own' },
                  { value: 'all', label: 'All organizations' },
                ]}
              />
            )}
          </>
        }
      />
      <Trail key={`${isAll} ${changesOnly}`} isAll={isAll} changesOnly={changesOnly} />
    </div>
  );
};

/** One part of the trail after the other. */
export const Trail = ({ isAll, changesOnly }: { readonly isAll: boolean; readonly changesOnly: boolean }) => {
  const home = useHome()?.id;
  const [pages, setPages] = useState<readonly (string | undefined)[]>([undefined]);
  return (
    <Panel title="What was done">
      {pages.map((before, place) => (
        <Part
          key={before ?? ''}
          isAll={isAll}
          changesOnly={changesOnly}
          home={home}
          before={before}
          isLast={place === pages.length - 1}
          more={(next) => setPages([...pages, next])}
        />
      ))}
    </Panel>
  );
};

const Part = ({
  isAll,
  changesOnly,
  home,
  before,
  isLast,
  more,
}: {
  readonly isAll: boolean;
  readonly changesOnly: boolean;
  readonly home: string | undefined;
  readonly before: string | undefined;
  readonly isLast: boolean;
  readonly more: (next: string) => void;
}) => {
  const wish = {
    ...(before !== undefined && { before }),
    ...(changesOnly && { only: 'changes' as const }),
  };
  const asked = useRequest(isAll ? operations.audit(home, wish) : ownOrganization.audit(home, wish));
  return (
    <Shown
      asked={asked}
      height="240px"
      isEmpty={({ entries }) => entries.length === 0}
      empty={
        <EmptyState icon="lock" title={changesOnly ? 'Nothing was changed yet' : 'Nothing was done yet'}>
          When somebody of an umbrella organization reads or writes here, or an administrator changes who may,
          it stands here.
        </EmptyState>
      }
    >
      {({ entries, next }: AuditAnswer) => (
        <>
          <Table<AuditLine>
            caption="What was done, newest first"
            rows={entries}
            keyOf={({ id }) => id}
            columns={[
              { id: 'what', title: 'What', cell: (entry) => <What entry={entry} /> },
              { id: 'at', title: 'At (UTC)', cell: ({ at }) => formatMoment(at) },
              {
                id: 'who',
                title: 'Who',
                cell: ({ userName, userId, originTenant }) => (
                  <span>
                    <b>{userName || userId || 'a module'}</b> of {originTenant}
                  </span>
                ),
              },
              {
                id: 'for',
                title: 'For',
                cell: ({ tenant, relation }) => (
                  <span>
                    {tenant}
                    {relation !== null && <span class="quiet"> by {relation}</span>}
                  </span>
                ),
              },
              {
                id: 'status',
                title: 'Result',
                cell: ({ status }) => (status === null ? NOTHING : <Status status={status} />),
              },
              { id: 'from', title: 'From', cell: ({ address }) => address },
            ]}
          />
          {isLast && next !== null && (
            <div>
              <Button onClick={() => more(next)}>Older entries</Button>
            </div>
          )}
        </>
      )}
    </Shown>
  );
};

const What = ({ entry: { kind, summary, method, path } }: { readonly entry: AuditLine }) =>
  summary === '' ? (
    <span>
      {kind === 'replaced' && 'began to read '}
      <span class="admin-mono">
        {method} {path}
      </span>
    </span>
  ) : (
    <span>{summary}</span>
  );
