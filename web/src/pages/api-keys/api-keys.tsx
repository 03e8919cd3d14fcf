import { useState } from 'preact/hooks';
import { accounts, type ApiKey } from '../../api/accounts.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { GrantTable } from '../admin/parts/grant-table.tsx';
import { useHome } from '../admin/parts/use-home.ts';
import { KeyForm } from './key-form.tsx';
import { permissionWords } from './key-purposes.ts';
import '../admin/parts/admin.css';

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
}) => (
  <GrantTable<ApiKey>
    caption="API keys"
    grants={keys}
    path="/api-keys"
    what={{
      id: 'may',
      title: 'May',
      cell: ({ permissions, site }) => (
        <>
          {permissionWords(permissions)}
          {site !== null && <span class="quiet"> of {site}</span>}
        </>
      ),
    }}
    used="Last used"
    takingBack={{
      words: 'Revoke',
      state: 'revoked',
      done: 'The key was revoked.',
      consequence:
        'Programs that use it are refused from now on. This cannot be undone; make a new key instead.',
    }}
    onRevoked={onRevoked}
  />
);
