import { useState } from 'preact/hooks';
import { accounts, type Invitation, type RoleName, type RoleView } from '../../api/accounts.ts';
import { Tag } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { FormActions } from '../../parts/form-actions.tsx';
import { formatAgo } from '../../parts/numbers.ts';
import { Table } from '../../parts/table.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { ActionError } from '../admin/parts/action-error.tsx';
import { useAction } from '../admin/parts/use-action.ts';
import { useHome } from '../admin/parts/use-home.ts';
import { inDays } from './in-days.ts';
import { OnceShown } from '../../parts/once-shown.tsx';

/** Links with which people make their own accounts. */
export const Invitations = ({ roles }: { readonly roles: readonly RoleView[] }) => {
  const { now, access } = useApp();
  const home = useHome();
  const asked = useRequest(accounts.invitations(home?.id));
  const action = useAction();
  const [isOpen, setOpen] = useState(false);
  const takeBack = async ({ id }: Invitation): Promise<void> => {
    const path = `/invitations/${encodeURIComponent(id)}`;
    if ((await action.send('DELETE', path, undefined, 'The invitation was taken back.')) !== undefined)
      asked.reload();
  };
  return (
    <Panel
      title="Invitations"
      note="A link, good once, with which somebody makes an account."
      actions={
        access.may('accounts.invitations.post') && (
          <Button kind="primary" icon="plus" onClick={() => setOpen(true)}>
            Invite
          </Button>
        )
      }
    >
      <ActionError error={action.error} />
      <Shown
        asked={asked}
        height="100px"
        isEmpty={({ invitations }) => invitations.length === 0}
        empty={<p class="panel-empty">Nobody has been invited yet.</p>}
      >
        {({ invitations }) => (
          <Table<Invitation>
            caption="Invitations"
            rows={invitations}
            keyOf={({ id }) => id}
            columns={[
              {
                id: 'name',
                title: 'For',
                cell: ({ name, usedBy }) => name ?? usedBy ?? 'anybody with the link',
              },
              {
                id: 'role',
                title: 'Role',
                cell: ({ role }) => roles.find((one) => one.name === role)?.title ?? role,
              },
              {
                id: 'state',
                title: 'State',
                cell: (invitation) => <State invitation={invitation} now={now.value} />,
              },
              { id: 'by', title: 'By', cell: ({ createdBy }) => createdBy },
              {
                id: 'end',
                title: '',
                isNumber: true,
                cell: (invitation) =>
                  invitation.state === 'open' && (
                    <Button onClick={() => void takeBack(invitation)}>Take back</Button>
                  ),
              },
            ]}
          />
        )}
      </Shown>
      <Dialog title="Invite somebody" isOpen={isOpen} onClose={() => setOpen(false)}>
        <InviteForm roles={roles} onClose={() => setOpen(false)} onMade={asked.reload} />
      </Dialog>
    </Panel>
  );
};

const State = ({ invitation, now }: { readonly invitation: Invitation; readonly now: number }) => {
  const { state, expiresAt, usedBy } = invitation;
  if (state === 'open') return <Tag kind="good">open, ends {formatAgo(expiresAt, now)}</Tag>;
  if (state === 'used') return <>used by {usedBy}</>;
  return <Tag>{state === 'expired' ? 'ended' : 'taken back'}</Tag>;
};

const InviteForm = ({
  roles,
  onClose,
  onMade,
}: {
  readonly roles: readonly RoleView[];
  readonly onClose: () => void;
  readonly onMade: () => void;
}) => {
  const action = useAction();
  const [role, setRole] = useState<RoleName>('viewer');
  const [name, setName] = useState('');
  const [days, setDays] = useState('7');
  const [path, setPath] = useState<string | null>(null);
  if (path !== null)
    return <OnceShown what="The link" secret={`${window.location.origin}${path}`} onClose={onClose} />;
  const invite = async (event: Event): Promise<void> => {
    event.preventDefault();
    const wish = { role, name: name.trim(), expires: inDays(days) };
    const made = await action.send<{ readonly path: string }>('POST', '/invitations', wish);
    if (made === undefined) return;
    setPath(made.path);
    onMade();
  };
  return (
    <form class="admin-form" onSubmit={(event) => void invite(event)}>
      <ActionError error={action.error} fields={['role', 'name', 'expires']} />
      <SelectField
        label="Role"
        value={role}
        choices={roles
          .filter(({ mayGrant }) => mayGrant)
          .map((one) => ({ value: one.name, label: one.title }))}
        hint={roles.find((one) => one.name === role)?.description}
        fault={action.fault('role')}
        onValue={setRole}
      />
      <TextField
        label="For whom (a note for you)"
        value={name}
        onValue={setName}
        maxLength={200}
        fault={action.fault('name')}
      />
      <SelectField
        label="Good for"
        value={days}
        choices={[
          { value: '1', label: 'a day' },
          { value: '7', label: 'a week' },
          { value: '30', label: '30 days' },
        ]}
        fault={action.fault('expires')}
        onValue={setDays}
      />
      <FormActions words="Make the link" isBusy={action.isBusy} onCancel={onClose} />
    </form>
  );
};
