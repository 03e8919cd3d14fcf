import type { OrganizationLine, OrganizationsAnswer } from '#operations';
import { Tag } from '../../../parts/badge.tsx';
import { Menu, type MenuEntry } from '../../../parts/menu.tsx';
import { formatAgo, formatCount, formatDay, NOTHING } from '../../../parts/numbers.ts';
import { type Column, Table } from '../../../parts/table.tsx';
import { Panel } from '../../../reports/panel.tsx';
import { useApp } from '../../../state/app-state.ts';
import { lastDay } from '../parts/days.ts';
import { useHome } from '../parts/use-home.ts';
import type { OpenDialog } from './open-dialog.ts';
import { type TreeLine, treeOf } from './tree.ts';
import '../parts/admin.css';

/** The organizations of the users map, members below their umbrella. */
export const OrganizationList = ({
  answer,
  open,
}: {
  readonly answer: OrganizationsAnswer;
  readonly open: (what: OpenDialog) => void;
}) => {
  const now = useApp().now.value;
  const home = useHome();
  const names = new Map(answer.organizations.map(({ id, name }) => [id, name]));
  const columns: readonly Column<TreeLine>[] = [
    {
      id: 'name',
      title: 'Organization',
      cell: ({ organization: { name, id }, depth }) => (
        <span class={depth === 1 ? 'admin-indent' : undefined}>
          {depth === 1 && <span aria-hidden="true">↳ </span>}
          <b class="admin-name">{name}</b> <span class="admin-mono quiet">{id}</span>
        </span>
      ),
    },
    { id: 'state', title: 'State', cell: ({ organization }) => <State line={organization} now={now} /> },
    {
      id: 'trace',
      title: 'Trace',
      cell: ({ organization: { traces } }) =>
        traces.length === 0 ? (
          <span class="quiet">sends no beacons</span>
        ) : (
          <span class="admin-mono">
            {traces[0]}
            {traces.length > 1 && ` and ${traces.length - 1} more`}
          </span>
        ),
    },
    {
      id: 'sites',
      title: 'Host names',
      cell: ({ organization: { hostnames, onlyHostnames } }) =>
        hostnames.length === 0 ? (
          <span class="quiet">any</span>
        ) : (
          <span>
            {hostnames.slice(0, 3).join(', ')}
            {hostnames.length > 3 && ` and ${hostnames.length - 3} more`}
            {onlyHostnames && ' only'}
          </span>
        ),
    },
    {
      id: 'actors',
      title: 'May be acted for by',
      cell: ({ actors }) =>
        actors.length === 0 ? NOTHING : actors.map((id) => names.get(id) ?? id).join(', '),
    },
    {
      id: 'rows',
      title: 'Rows',
      isNumber: true,
      cell: ({ organization: { rows } }) => formatCount(rows),
    },
    {
      id: 'last',
      title: 'Last beacon',
      isNumber: true,
      cell: ({ organization: { lastBeaconAt } }) =>
        lastBeaconAt === null ? NOTHING : formatAgo(lastBeaconAt, now),
    },
    {
      id: 'actions',
      title: '',
      isNumber: true,
      cell: ({ organization }) => (
        <Menu
          icon="more"
          kind="quiet"
          label={`What to do with ${organization.name}`}
          entries={entriesOf(organization, organization.id === home?.id, open)}
        />
      ),
    },
  ];
  return (
    <Panel title="Organizations" note={`${answer.organizations.length} in the users map`}>
      <Table
        caption="Organizations of the users map"
        columns={columns}
        rows={treeOf(answer.organizations, answer.relations)}
        keyOf={({ organization }) => organization.id}
      />
    </Panel>
  );
};

const entriesOf = (
  organization: OrganizationLine,
  isHome: boolean,
  open: (what: OpenDialog) => void,
): readonly MenuEntry[] => [
  {
    kind: 'action',
    words: 'Renew',
    icon: 'calendar',
    run: () => open({ kind: 'renew', organization }),
  },
  { kind: 'action', words: 'Change', icon: 'edit', run: () => open({ kind: 'edit', organization }) },
  ...(organization.traces.length > 0
    ? [
        {
          kind: 'action',
          words: 'Snippet for its pages',
          icon: 'setup',
          run: () => open({ kind: 'snippet', organization }),
        } as const,
      ]
    : []),
  ...(organization.state === 'expired' || isHome
    ? []
    : [
        { kind: 'line' } as const,
        {
          kind: 'action',
          words: 'Let it expire now',
          icon: 'lock',
          run: () => open({ kind: 'expire', organization }),
        } as const,
      ]),
];

const State = ({ line, now }: { readonly line: OrganizationLine; readonly now: number }) => {
  if (line.state === 'expired')
    return (
      <Tag kind="trouble">expired{line.expiresAt === null ? '' : ` since ${formatDay(line.expiresAt)}`}</Tag>
    );
  const end = lastDay(line.expiresAt);
  const days = line.expiresAt === null ? null : Math.ceil((Date.parse(line.expiresAt) - now) / 86_400_000);
  if (days !== null && days <= 30)
    return <Tag kind="warning">{days === 1 ? '1 day left' : `${days} days left`}</Tag>;
  return (
    <span class="admin-tags">
      <Tag kind="good">active</Tag>
      <span class="quiet">{end === '' ? 'without end' : `to ${formatDay(end)}`}</span>
    </span>
  );
};
