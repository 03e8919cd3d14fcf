import type { OrganizationsAnswer, RelationLine } from '#operations';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { Menu } from '../../../parts/menu.tsx';
import { EmptyState } from '../../../parts/message.tsx';
import { formatAgo, formatDay, NOTHING } from '../../../parts/numbers.ts';
import { type Column, Table } from '../../../parts/table.tsx';
import { Panel } from '../../../reports/panel.tsx';
import { useApp } from '../../../state/app-state.ts';
import { lastDay } from '../parts/days.ts';
import type { OpenDialog } from './open-dialog.ts';
import { ruleWords } from './rule-words.ts';
import '../parts/admin.css';

/** Who may act for whom, with what, until when. */
export const RelationList = ({
  answer,
  open,
}: {
  readonly answer: OrganizationsAnswer;
  readonly open: (what: OpenDialog) => void;
}) => {
  const now = useApp().now.value;
  const nameOf = (id: string): string => answer.organizations.find((one) => one.id === id)?.name ?? id;
  const columns: readonly Column<RelationLine>[] = [
    {
      id: 'who',
      title: 'Who may act',
      cell: ({ tenant, id }) => (
        <>
          <b>{nameOf(tenant)}</b> <span class="admin-mono quiet">{id}</span>
        </>
      ),
    },
    { id: 'whom', title: 'For whom', cell: ({ executesAs }) => executesAs.map(nameOf).join(', ') },
    { id: 'modules', title: 'With', cell: ({ modules }) => modules.join(', ') },
    {
      id: 'ceiling',
      title: 'At most',
      cell: ({ permissions, requiresAccount }) => (
        <>
          <span class="admin-mono">{permissions.join(', ') || 'nothing that needs a permission'}</span>
          {requiresAccount && <div class="admin-note">only with an account there</div>}
        </>
      ),
    },
    {
      id: 'rules',
      title: 'Rules',
      cell: ({ rules }) =>
        rules.length === 0 ? (
          NOTHING
        ) : (
          <ul class="relation-rules">
            {rules.map((rule, place) => (
              <li key={place}>{ruleWords(rule, nameOf)}</li>
            ))}
          </ul>
        ),
    },
    {
      id: 'until',
      title: 'Until',
      cell: ({ state, expiresAt }) =>
        state === 'expired' ? (
          <Tag>ended{expiresAt === null ? '' : ` ${formatDay(expiresAt)}`}</Tag>
        ) : expiresAt === null ? (
          'without end'
        ) : (
          formatDay(lastDay(expiresAt))
        ),
    },
    {
      id: 'used',
      title: 'Last write',
      isNumber: true,
      cell: ({ lastWriteAt }) => (lastWriteAt === null ? NOTHING : formatAgo(lastWriteAt, now)),
    },
    {
      id: 'actions',
      title: '',
      isNumber: true,
      cell: (relation) => (
        <Menu
          icon="more"
          kind="quiet"
          label={`What to do with ${relation.id}`}
          entries={[
            {
              kind: 'action',
              words: 'Edit',
              icon: 'edit',
              run: () => open({ kind: 'edit-relation', relation }),
            },
            {
              kind: 'action',
              words: 'Renew',
              icon: 'calendar',
              run: () => open({ kind: 'renew-relation', relation }),
            },
            ...(relation.state === 'expired'
              ? []
              : [
                  {
                    kind: 'action',
                    words: 'End it now',
                    icon: 'lock',
                    run: () => open({ kind: 'end-relation', relation }),
                  } as const,
                ]),
          ]}
        />
      ),
    },
  ];
  return (
    <Panel
      title="Who may act for whom"
      note="A relation lets people of one organization work in another one, with the modules and at most the permissions that it names. Members see and end the relations that reach them."
    >
      {answer.relations.length === 0 ? (
        <EmptyState
          icon="consortium"
          title="Nobody acts for anybody else"
          actions={<Button onClick={() => open({ kind: 'add-relation' })}>Add relation</Button>}
        >
          With a relation an agency or a consortium sees its members&apos; figures.
        </EmptyState>
      ) : (
        <Table caption="Relations" columns={columns} rows={answer.relations} keyOf={({ id }) => id} />
      )}
    </Panel>
  );
};
