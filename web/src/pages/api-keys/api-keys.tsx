import { useState } from 'preact/hooks';
import { accounts, type ApiKey } from '../../api/accounts.ts';
import { Tag } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { formatAgo, formatDay } from '../../parts/numbers.ts';
import { Table } from '../../parts/table.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { Confirm } from '../admin/shared/confirm.tsx';
import { useAction } from '../admin/shared/use-action.ts';
import { useHome } from '../admin/shared/use-home.ts';
import { KeyForm } from './key-form.tsx';
import { permissionWords } from './key-purposes.ts';
import '../admin/shared/admin.css';

/** Keys for programs: what each may do, when it was used, and the way to end it. */
export const ApiKeys = () => {
  const { access } = useApp();
  const home = useHome();
  const asked = useRequest(accounts.keys(home?.id));
  const [isOpen, setOpen] = useState(false);
  const make = access.may('accounts.api-keys.post') && (
    <Button kind="primary" icon="plus" onClick={() => setOpen(true)}>
      New key
    </Button>
  );
  return (
    <div class="admin-page">
      <PageTitle
        title="API keys"
        note="For programs. A key may do what you give it, and nothing else; deploy markers need a single permission."
        actions={make}
      />
      <Panel title="Keys">
        <Shown
          asked={asked}
          height="160px"
          isEmpty={({ keys }) => keys.length === 0}
          empty={
            <EmptyState icon="setup" title="No program has a key yet">
              With one, the job that deploys your site marks each release on the charts.
            </EmptyState>
          }
        >
          {({ keys }) => <KeyTable keys={keys} onRevoked={asked.reload} />}
        </Shown>
      </Panel>
      <Dialog title="New API key" kind="wide" isOpen={isOpen} onClose={() => setOpen(false)}>
        <KeyForm onClose={() => setOpen(false)} onMade={asked.reload} />
      </Dialog>
    </div>
  );
};

const KeyTable = ({
  keys,
  onRevoked,
}: {
  readonly keys: readonly ApiKey[];
  readonly onRevoked: () => void;
}) => {
  const now = useApp().now.value;
  const action = useAction();
  const [ending, setEnding] = useState<ApiKey | null>(null);
  const close = (): void => {
    setEnding(null);
    action.forget();
  };
  const revoke = async ({ id }: ApiKey): Promise<void> => {
    const path = `/api-keys/${encodeURIComponent(id)}`;
    if ((await action.send('DELETE', path, undefined, 'The key was revoked.')) === undefined) return;
    close();
    onRevoked();
  };
  return (
    <>
      <Table<ApiKey>
        caption="API keys"
        rows={keys}
        keyOf={({ id }) => id}
        columns={[
          {
            id: 'name',
            title: 'Name',
            cell: ({ name, createdBy }) => (
              <>
                <b>{name}</b> <span class="quiet">by {createdBy}</span>
              </>
            ),
          },
          {
            id: 'may',
            title: 'May',
            cell: ({ permissions, site }) => (
              <>
                {permissionWords(permissions)}
                {site !== null && <span class="quiet"> of {site}</span>}
              </>
            ),
          },
          {
            id: 'used',
            title: 'Last used',
            cell: ({ lastUsedAt }) => (lastUsedAt === null ? 'never' : formatAgo(lastUsedAt, now)),
          },
          { id: 'state', title: 'State', cell: (key) => <KeyState of={key} /> },
          {
            id: 'end',
            title: '',
            isNumber: true,
            cell: (key) => key.state === 'active' && <Button onClick={() => setEnding(key)}>Revoke</Button>,
          },
        ]}
      />
      {ending !== null && (
        <Confirm
          title={`Revoke ${ending.name}?`}
          words="Revoke"
          action={action}
          onConfirm={() => void revoke(ending)}
          onClose={close}
        >
          <p>Programs that use it are refused from now on. This cannot be undone; make a new key instead.</p>
        </Confirm>
      )}
    </>
  );
};

const KeyState = ({ of: { state, expiresAt } }: { readonly of: ApiKey }) => {
  if (state === 'revoked') return <Tag>revoked</Tag>;
  if (state === 'expired') return <Tag>ended {formatDay(expiresAt)}</Tag>;
  return <Tag kind="good">until {formatDay(expiresAt)}</Tag>;
};
