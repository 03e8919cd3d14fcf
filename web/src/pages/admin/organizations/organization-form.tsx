import { useState } from 'preact/hooks';
import type { NewOrganization, OrganizationChange, OrganizationLine } from '#operations';
import { Button } from '../../../parts/button.tsx';
import { CheckField, SelectField, TextField } from '../../../parts/field.tsx';
import { lastDay, listOf, yearLater } from '../parts/days.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { ExpireField } from '../parts/organization-fields.tsx';
import { useAction } from '../parts/use-action.ts';
import { prefixOf } from './prefix.ts';

const FIELDS = [
  'id',
  'name',
  'traces',
  'expire',
  'hostnames',
  'onlyHostnames',
  'retentionDays',
  'beaconsPerSecond',
];
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

  const submit = async (): Promise<void> => {
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
    <FormDialog
      title="Add an organization"
      words="Add organization"
      action={action}
      fields={FIELDS}
      otherWays={
        onExisting !== undefined && (
          <Button kind="quiet" onClick={onExisting}>
            An existing organization instead
          </Button>
        )
      }
      onSubmit={submit}
      onClose={onClose}
    >
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
    </FormDialog>
  );
};

/** Changes an organization: name, end, sites, retention, quota. */
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
    rate: organization.beaconsPerSecond === null ? '' : String(organization.beaconsPerSecond),
  };
  const [name, setName] = useState(before.name);
  const [expire, setExpire] = useState(before.expire);
  const [hostnames, setHostnames] = useState(before.hostnames);
  const [onlyHostnames, setOnlyHostnames] = useState(organization.onlyHostnames);
  const [retention, setRetention] = useState(before.retention);
  const [rate, setRate] = useState(before.rate);

  const submit = async (): Promise<void> => {
    const body: OrganizationChange = {
      version,
      ...(name !== before.name && { name }),
      ...(expire !== before.expire && { expire: expire === '' ? null : expire }),
      ...(hostnames !== before.hostnames && { hostnames: listOf(hostnames) }),
      ...(onlyHostnames !== organization.onlyHostnames && { onlyHostnames }),
      ...(retention !== before.retention && { retentionDays: retention === '' ? null : Number(retention) }),
      ...(rate !== before.rate && { beaconsPerSecond: rate === '' ? null : Number(rate) }),
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
    <FormDialog
      title={`Change ${organization.name}`}
      words="Save"
      action={action}
      fields={FIELDS}
      onSubmit={submit}
      onClose={onClose}
    >
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
      <TextField
        label="Beacons a second"
        type="number"
        min={1}
        max={1_000_000}
        value={rate}
        onValue={setRate}
        fault={action.fault('beaconsPerSecond')}
        hint="More are refused and lost. Empty: as many as each may send."
      />
    </FormDialog>
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
  const submit = async (): Promise<void> => {
    const renewed = await action.send(
      'PATCH',
      `/operations/organizations/${encodeURIComponent(organization.id)}`,
      { expire: expire === '' ? null : expire, ...(version !== undefined && { version }) },
      `${organization.name} was renewed.`,
    );
    if (renewed !== undefined) onRenewed();
  };
  return (
    <FormDialog
      title={`Renew ${organization.name}`}
      words="Renew"
      action={action}
      fields={FIELDS}
      onSubmit={submit}
      onClose={onClose}
    >
      <ExpireField value={expire} onValue={setExpire} fault={action.fault('expire')} />
      <p class="admin-note">
        Beacons that came meanwhile lie in the folder <b>expired</b>. They become rows when they are replayed
        (Data health).
      </p>
    </FormDialog>
  );
};
