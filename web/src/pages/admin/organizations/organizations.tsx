import { useState } from 'preact/hooks';
import type { OrganizationLine, OrganizationsAnswer, RelationLine } from '#operations';
import { operations } from '../../../api/operations.ts';
import { Tag } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { CopyButton } from '../../../parts/copy-button.tsx';
import { Dialog } from '../../../parts/dialog.tsx';
import { Menu, type MenuEntry } from '../../../parts/menu.tsx';
import { EmptyState, Message } from '../../../parts/message.tsx';
import { formatAgo, formatCount, formatDay, NOTHING } from '../../../parts/numbers.ts';
import { type Column, Table } from '../../../parts/table.tsx';
import { Panel, Shown } from '../../../reports/panel.tsx';
import { PageTitle } from '../../../shell/page-title.tsx';
import { useApp } from '../../../state/app-state.ts';
import { DEFAULT_VIEW, formatAddress } from '../../../state/url.ts';
import { useRequest } from '../../../state/use-request.ts';
import { Confirm } from '../shared/confirm.tsx';
import { lastDay } from '../shared/days.ts';
import { useAction } from '../shared/use-action.ts';
import { useHome } from '../shared/use-home.ts';
import { AddOrganization, EditOrganization, RenewOrganization } from './organization-form.tsx';
import { AddRelation, RenewRelation } from './relation-form.tsx';
import { type TreeLine, treeOf } from './tree.ts';
import '../shared/admin.css';

/** What is open over the page. */
type Open =
  | { readonly kind: 'add' | 'add-relation' }
  | { readonly kind: 'edit' | 'renew' | 'expire' | 'snippet'; readonly organization: OrganizationLine }
  | { readonly kind: 'renew-relation' | 'end-relation'; readonly relation: RelationLine };

/** Organizations and relations, as the users map says; changes are written back to the file. */
export const Organizations = () => {
  const home = useHome();
  const asked = useRequest(operations.organizations(home?.id));
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const done = (): void => {
    close();
    asked.reload();
  };

  return (
    <div class="admin-page">
      <PageTitle
        title="Organizations"
        note="Who they are, how long they may stay, and who may act for whom. What is changed here is written into the users map; the comments in it stay."
        actions={
          asked.data !== undefined && (
            <>
              <Button onClick={() => setOpen({ kind: 'add-relation' })}>Add relation</Button>
              <Button kind="primary" icon="plus" onClick={() => setOpen({ kind: 'add' })}>
                Add organization
              </Button>
            </>
          )
        }
      />
      <Shown asked={asked} height="420px">
        {(answer) => (
          <div class="admin-page">
            <Problems answer={answer} />
            <OrganizationList answer={answer} open={setOpen} />
            <RelationList answer={answer} open={setOpen} />
            <Dialogs
              open={open}
              answer={answer}
              close={close}
              done={done}
              openNext={setOpen}
              reload={asked.reload}
            />
          </div>
        )}
      </Shown>
    </div>
  );
};

const Problems = ({
  answer: { problems, loadedAt, figuresMissing },
}: {
  readonly answer: OrganizationsAnswer;
}) => (
  <>
    {problems.length > 0 && (
      <Message
        kind="trouble"
        title={`The users map on disk has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: the one of ${formatDay(loadedAt)} stays in force`}
      >
        <ul class="admin-list">
          {problems.map(({ line, path, found, expected }, place) => (
            <li key={place}>
              {line !== null && <b>line {line}</b>}
              {line !== null && path !== '' && ', '}
              {path !== '' && <span class="admin-mono">{path}</span>}
              {(line !== null || path !== '') && ': '}
              found {found}, expected {expected}
            </li>
          ))}
        </ul>
        <p>Correct the file; it is read again at once. Until then nothing can be changed from here.</p>
      </Message>
    )}
    {figuresMissing !== '' && (
      <Message kind="warning" title="Rows and last beacons are not known">
        The warehouse does not answer: {figuresMissing}
      </Message>
    )}
  </>
);

const OrganizationList = ({
  answer,
  open,
}: {
  readonly answer: OrganizationsAnswer;
  readonly open: (what: Open) => void;
}) => {
  const now = useApp().now.value;
  const names = new Map(answer.organizations.map(({ id, name }) => [id, name]));
  const columns: readonly Column<TreeLine>[] = [
    {
      id: 'name',
      title: 'Organization',
      cell: ({ organization: { name, id }, depth }) => (
        <span class={depth === 1 ? 'admin-indent' : undefined}>
          {depth === 1 && <span aria-hidden="true">↳ </span>}
          <b>{name}</b> <span class="admin-mono quiet">{id}</span>
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
          entries={entriesOf(organization, open)}
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

const entriesOf = (organization: OrganizationLine, open: (what: Open) => void): readonly MenuEntry[] => [
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
  ...(organization.state === 'expired'
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

const RelationList = ({
  answer,
  open,
}: {
  readonly answer: OrganizationsAnswer;
  readonly open: (what: Open) => void;
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
      cell: ({ permissions, rules }) => (
        <span class="admin-mono">
          {permissions.join(', ') || 'nothing that needs a permission'}
          {rules > 0 && ` · ${rules} rule${rules === 1 ? '' : 's'}`}
        </span>
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

const Dialogs = ({
  open,
  answer: { version, organizations },
  close,
  done,
  openNext,
  reload,
}: {
  readonly open: Open | null;
  readonly answer: OrganizationsAnswer;
  readonly close: () => void;
  readonly done: () => void;
  readonly openNext: (what: Open) => void;
  readonly reload: () => void;
}) => {
  switch (open?.kind) {
    case undefined:
      return null;
    case 'add':
      return (
        <AddOrganization
          version={version}
          onClose={close}
          onAdded={(organization) => {
            reload();
            if (organization.traces.length > 0) openNext({ kind: 'snippet', organization });
            else close();
          }}
        />
      );
    case 'add-relation':
      return <AddRelation organizations={organizations} version={version} onClose={close} onAdded={done} />;
    case 'edit':
      return (
        <EditOrganization
          organization={open.organization}
          version={version}
          onClose={close}
          onChanged={done}
        />
      );
    case 'renew':
      return (
        <RenewOrganization
          organization={open.organization}
          version={version}
          onClose={close}
          onRenewed={done}
        />
      );
    case 'expire':
      return <Expire organization={open.organization} version={version} close={close} done={done} />;
    case 'snippet':
      return <Snippet organization={open.organization} onClose={close} />;
    case 'renew-relation':
      return <RenewRelation relation={open.relation} version={version} onClose={close} onRenewed={done} />;
    case 'end-relation':
      return <EndRelation relation={open.relation} version={version} close={close} done={done} />;
  }
};

const Expire = ({
  organization,
  version,
  close,
  done,
}: {
  readonly organization: OrganizationLine;
  readonly version: string;
  readonly close: () => void;
  readonly done: () => void;
}) => {
  const action = useAction();
  const expire = async (): Promise<void> => {
    const path = `/operations/organizations/${encodeURIComponent(organization.id)}`;
    const body = { expire: 'now', version };
    if ((await action.send('PATCH', path, body, `${organization.name} is expired.`)) !== undefined) done();
  };
  return (
    <Confirm
      title={`Let ${organization.name} expire now?`}
      words="Let it expire"
      action={action}
      onConfirm={() => void expire()}
      onClose={close}
    >
      <p>
        Its beacons go to the folder <b>expired</b> from now on, and nobody can look at its figures. Nothing
        is deleted: after a renewal its beacons of meanwhile can be replayed.
      </p>
    </Confirm>
  );
};

const EndRelation = ({
  relation,
  version,
  close,
  done,
}: {
  readonly relation: RelationLine;
  readonly version: string;
  readonly close: () => void;
  readonly done: () => void;
}) => {
  const action = useAction();
  const end = async (): Promise<void> => {
    const path = `/operations/relations/${encodeURIComponent(relation.id)}?version=${encodeURIComponent(version)}`;
    if ((await action.send('DELETE', path, undefined, 'The relation was ended.')) !== undefined) done();
  };
  return (
    <Confirm
      title={`End ${relation.id} now?`}
      words="End it"
      action={action}
      onConfirm={() => void end()}
      onClose={close}
    >
      <p>
        People of {relation.tenant} can no longer act for {relation.executesAs.join(', ')} by it. It stays in
        the users map with its end, and can be renewed.
      </p>
    </Confirm>
  );
};

const Snippet = ({
  organization,
  onClose,
}: {
  readonly organization: OrganizationLine;
  readonly onClose: () => void;
}) => {
  const { organization: shown } = useApp();
  const line = `<script>BOOMR.addVar("brum_trace", ${JSON.stringify(organization.traces[0] ?? '')});</script>`;
  const isReachable = shown.value?.id === organization.id;
  return (
    <Dialog title={`On the pages of ${organization.name}`} isOpen onClose={onClose}>
      <p>Before Boomerang sends, each page says whose beacon it is:</p>
      <pre class="snippet" tabIndex={0}>
        {line}
      </pre>
      <div class="admin-row">
        <CopyButton text={line} what="The line" />
        {isReachable && (
          <a
            href={formatAddress({
              org: organization.id,
              site: null,
              scope: 'organization',
              page: 'set-up',
              rest: [],
              view: DEFAULT_VIEW,
              extra: {},
            })}
          >
            The whole snippet, and whether the first beacon has come
          </a>
        )}
      </div>
      <p class="admin-note">
        Beacons with this trace that came before are in the folder <b>unknown</b>: replay them from Data
        health.
      </p>
    </Dialog>
  );
};
