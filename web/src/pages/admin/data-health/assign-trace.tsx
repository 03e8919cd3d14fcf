import { useState } from 'preact/hooks';
import type { OrganizationLine, OrganizationsAnswer } from '#operations';
import { Button } from '../../../parts/button.tsx';
import { SelectField } from '../../../parts/field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { useAction } from '../parts/use-action.ts';

/** Gives an organization that is there one more trace: a second site, or a trace that was mistyped on its pages. */
export const AssignTrace = ({
  trace,
  map,
  onNew,
  onClose,
  onAssigned,
}: {
  readonly trace: string;
  readonly map: OrganizationsAnswer;
  /** It is a new organization's after all. */
  readonly onNew: () => void;
  readonly onClose: () => void;
  readonly onAssigned: (organization: OrganizationLine) => void;
}) => {
  const action = useAction();
  const active = map.organizations.filter(({ state }) => state !== 'expired');
  const [id, setId] = useState(active[0]?.id ?? '');
  const submit = async (): Promise<void> => {
    const before = active.find((organization) => organization.id === id)?.traces ?? [];
    const changed = await action.send<OrganizationLine>(
      'PATCH',
      `/operations/organizations/${encodeURIComponent(id)}`,
      { traces: [...before, trace], version: map.version },
      'The trace was added.',
    );
    if (changed !== undefined) onAssigned(changed);
  };
  return (
    <FormDialog
      title="Whose beacons are these?"
      words="Add the trace"
      action={action}
      fields={['traces']}
      disabled={id === ''}
      otherWays={
        <Button kind="quiet" onClick={onNew}>
          A new organization instead
        </Button>
      }
      onSubmit={submit}
      onClose={onClose}
    >
      <p>
        Beacons with the trace <span class="admin-mono">{trace}</span> belong from now on, and after the
        replay from the beginning, to:
      </p>
      <SelectField
        label="Organization"
        value={id}
        onValue={setId}
        fault={action.fault('traces')}
        choices={active.map(({ id: value, name }) => ({ value, label: `${name} (${value})` }))}
      />
    </FormDialog>
  );
};
