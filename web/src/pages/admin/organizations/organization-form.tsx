import { useState } from 'preact/hooks';
import type { NewOrganization, OrganizationChange, OrganizationLine } from '#operations';
import { Button } from '../../../parts/button.tsx';
import { Dialog, DialogActions } from '../../../parts/dialog.tsx';
import { CheckField, SelectField, TextField } from '../../../parts/field.tsx';
import { ActionError } from '../shared/action-error.tsx';
import { lastDay, listOf, yearLater } from '../shared/days.ts';
import { ExpireField } from '../shared/organization-fields.tsx';
import { useAction } from '../shared/use-action.ts';
import { prefixOf } from './prefix.ts';
import '../shared/admin.css';

const FIELDS = ['id', 'name', 'traces', 'expire', 'hostnames', 'onlyHostnames', 'retentionDays'];
type TraceChoice = 'new' | 'own' | 'none';

/** A new organization. `trace` is given when beacons with it have come already. */
export const AddOrganization = ({
  version,
  trace = '',
  hostnames: knownHosts = [],
  onExisting,
  onClose,
  onAdded,
}: {
  readonly version: string | undefined;
  readonly trace?: string;
  readonly hostnames?: readonly string[];
  /** The trace is that of an organization that is there. */
  readonly onExisting?: () => void;
  readonly onClose: () => void;
  readonly onAdded: (organization: OrganizationLine) => void;
}) => {
  const action = useAction();
  const [id, setId] = useState('');
  const [name, setName] = useState('');
  const [traces, setTraces] = useState<TraceChoice>(trace === '' ? 'new' : 'own');
  const [ownTrace, setOwnTrace] = useState(trace);
  const [expire, setExpire] = useState('');
  const [hostnames, setHostnames] = useState(knownHosts.join(', '));

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const hosts = listOf(hostnames);
    const body: NewOrganization = {
      id: id.trim(),
      ...(name.trim() !== '' && { name: name.trim() }),
      traces: traces === 'new' ? 'new' : traces === 'own' ? [ownTrace.trim()] : [],
      ...(expire !== '' && { expire }),
      ...(hosts.length > 0 && { hostnames: hosts }),
      ...(version !== undefined && { version }),
    };
    const added = await action.send<OrganizationLine>(
      'POST',
      '/operations/organizations',
      body,
      `${name.trim() || id} was added.`,
    );
    if (added !== undefined) onAdded(added);
  };

  return (
    <Dialog title="Add an organization" isOpen onClose={onClose}>
      <form class="admin-form" onSubmit={(event) => void submit(event)}>
        <TextField
          label="Name"
          value={name}
          onValue={(value) => {
            if (id === prefixOf(name)) setId(prefixOf(value));
            setName(value);
          }}
          fault={action.fault('name')}
          autofocus
        />
        <TextField
          label="Prefix"
          value={id}
          onValue={setId}
          fault={action.fault('id')}
          hint="Names its table and its backup folder, and cannot be changed: lower-case letters, digits and underscores."
          required
          spellcheck={false}
          autocapitalize="off"
        />
        <SelectField
          label="Trace"
          value={traces}
          onValue={setTraces}
          fault={traces === 'own' ? undefined : action.fault('traces')}
          choices={[
            { value: 'new', label: 'Make a new one' },
            { value: 'own', label: 'This one' },
            { value: 'none', label: 'None: it sends no beacons of its own (an umbrella)' },
          ]}
        />
        {traces === 'own' && (
          <TextField
            label="brum_trace"
            value={ownTrace}
            onValue={setOwnTrace}
            fault={action.fault('traces')}
            required
            spellcheck={false}
          />
        )}
        <ExpireField value={expire} onValue={setExpire} fault={action.fault('expire')} />
        {traces !== 'none' && (
          <TextField
            label="Host names"
            value={hostnames}
            onValue={setHostnames}
            fault={action.fault('hostnames')}
            hint="Its sites, with commas between. Empty: any."
            spellcheck={false}
          />
        )}
        <ActionError error={action.error} fields={FIELDS} />
        <DialogActions>
          {onExisting !== undefined && (
            <Button kind="quiet" onClick={onExisting}>
              An existing organization instead
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Add organization
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};

/** Changes an organization: name, end, sites, retention. */
export const EditOrganization = ({
  organization,
  version,
  onClose,
  onChanged,
}: {
  readonly organization: OrganizationLine;
  readonly version: string;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) => {
  const action = useAction();
  const before = {
    name: organization.name,
    expire: lastDay(organization.expiresAt),
    hostnames: organization.hostnames.join(', '),
    retention: organization.retentionDays === null ? '' : String(organization.retentionDays),
  };
  const [name, setName] = useState(before.name);
  const [expire, setExpire] = useState(before.expire);
  const [hostnames, setHostnames] = useState(before.hostnames);
  const [onlyHostnames, setOnlyHostnames] = useState(organization.onlyHostnames);
  const [retention, setRetention] = useState(before.retention);

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body: OrganizationChange = {
      version,
      ...(name !== before.name && { name }),
      ...(expire !== before.expire && { expire: expire === '' ? null : expire }),
      ...(hostnames !== before.hostnames && { hostnames: listOf(hostnames) }),
      ...(onlyHostnames !== organization.onlyHostnames && { onlyHostnames }),
      ...(retention !== before.retention && { retentionDays: retention === '' ? null : Number(retention) }),
    };
    const changed = await action.send(
      'PATCH',
      `/operations/organizations/${encodeURIComponent(organization.id)}`,
      body,
      `${name} was changed.`,
    );
    if (changed !== undefined) onChanged();
  };

  return (
    <Dialog title={`Change ${organization.name}`} isOpen onClose={onClose}>
      <form class="admin-form" onSubmit={(event) => void submit(event)}>
        <TextField label="Name" value={name} onValue={setName} fault={action.fault('name')} required />
        <ExpireField value={expire} onValue={setExpire} fault={action.fault('expire')} />
        <TextField
          label="Host names"
          value={hostnames}
          onValue={setHostnames}
          fault={action.fault('hostnames')}
          hint="Its sites, with commas between. Empty: any."
          spellcheck={false}
        />
        <CheckField
          label="Accept beacons of these host names only"
          hint="Others stay in the archive and become no rows."
          checked={onlyHostnames}
          onValue={setOnlyHostnames}
        />
        <TextField
          label="Keep rows for days"
          type="number"
          min={1}
          max={36_500}
          value={retention}
          onValue={setRetention}
          fault={action.fault('retentionDays')}
          hint="Empty: for ever. The archive is not touched."
        />
        <ActionError error={action.error} fields={FIELDS} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};

/** Gives an expired organization, or one that soon will be, a new end. */
export const RenewOrganization = ({
  organization,
  version,
  onClose,
  onRenewed,
}: {
  readonly organization: Pick<OrganizationLine, 'id' | 'name' | 'expiresAt'>;
  readonly version: string | undefined;
  readonly onClose: () => void;
  readonly onRenewed: () => void;
}) => {
  const action = useAction();
  const [expire, setExpire] = useState(yearLater(lastDay(organization.expiresAt), Date.now()));
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const renewed = await action.send(
      'PATCH',
      `/operations/organizations/${encodeURIComponent(organization.id)}`,
      { expire: expire === '' ? null : expire, ...(version !== undefined && { version }) },
      `${organization.name} was renewed.`,
    );
    if (renewed !== undefined) onRenewed();
  };
  return (
    <Dialog title={`Renew ${organization.name}`} isOpen onClose={onClose}>
      <form class="admin-form" onSubmit={(event) => void submit(event)}>
        <ExpireField value={expire} onValue={setExpire} fault={action.fault('expire')} />
        <p class="admin-note">
          Beacons that came meanwhile lie in the folder <b>expired</b>. They become rows when they are
          replayed (Data health).
        </p>
        <ActionError error={action.error} fields={FIELDS} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Renew
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
