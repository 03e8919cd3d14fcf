import { useState } from 'preact/hooks';
import type { NewRelationRequest, OrganizationLine, RelationLine } from '#operations';
import { Button } from '../../../parts/button.tsx';
import { Dialog, DialogActions } from '../../../parts/dialog.tsx';
import { CheckField, SelectField, TextField } from '../../../parts/field.tsx';
import { ActionError } from '../shared/action-error.tsx';
import { lastDay, listOf } from '../shared/days.ts';
import { ExpireField } from '../shared/organization-fields.tsx';
import { useAction } from '../shared/use-action.ts';
import '../shared/admin.css';

const FIELDS = ['tenant', 'executesAs', 'modules', 'permissions', 'expire'];

/** Lets an organization act for others. */
export const AddRelation = ({
  organizations,
  version,
  onClose,
  onAdded,
}: {
  readonly organizations: readonly OrganizationLine[];
  readonly version: string;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}) => {
  const action = useAction();
  const umbrella = organizations.find(({ state }) => state === 'no_trace') ?? organizations[0];
  const [tenant, setTenant] = useState(umbrella?.id ?? '');
  const [members, setMembers] = useState<ReadonlySet<string>>(new Set());
  const [modules, setModules] = useState('reports, notes');
  const [permissions, setPermissions] = useState('reports.*, notes.*, note.types.*');
  const [expire, setExpire] = useState('');

  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const body: NewRelationRequest = {
      tenant,
      executesAs: [...members].filter((id) => id !== tenant),
      modules: listOf(modules),
      permissions: listOf(permissions),
      ...(expire !== '' && { expire }),
      version,
    };
    const added = await action.send('POST', '/operations/relations', body, 'The relation was added.');
    if (added !== undefined) onAdded();
  };
  const toggle = (id: string, isMember: boolean): void => {
    const next = new Set(members);
    if (isMember) next.add(id);
    else next.delete(id);
    setMembers(next);
  };

  return (
    <Dialog title="Let an organization act for others" isOpen onClose={onClose}>
      <form class="admin-form" onSubmit={(event) => void submit(event)}>
        <SelectField
          label="Who may act"
          value={tenant}
          onValue={setTenant}
          fault={action.fault('tenant')}
          choices={organizations.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <fieldset class="admin-fieldset">
          <legend>For whom</legend>
          <div class="admin-choices">
            {organizations
              .filter(({ id }) => id !== tenant)
              .map(({ id, name }) => (
                <CheckField
                  key={id}
                  label={name}
                  checked={members.has(id)}
                  onValue={(isMember) => toggle(id, isMember)}
                />
              ))}
          </div>
          {action.fault('executesAs') !== undefined && (
            <div class="field-fault" role="alert">
              {action.fault('executesAs')}
            </div>
          )}
        </fieldset>
        <TextField
          label="With which modules"
          value={modules}
          onValue={setModules}
          fault={action.fault('modules')}
          hint="With commas between."
          spellcheck={false}
        />
        <TextField
          label="At most with these permissions"
          value={permissions}
          onValue={setPermissions}
          fault={action.fault('permissions')}
          hint="A person may do there what he or she may do at home, and never more than this."
          spellcheck={false}
        />
        <ExpireField value={expire} onValue={setExpire} fault={action.fault('expire')} />
        <ActionError error={action.error} fields={FIELDS} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={action.isBusy}>
            Add relation
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};

/** Gives a relation another end. */
export const RenewRelation = ({
  relation,
  version,
  onClose,
  onRenewed,
}: {
  readonly relation: RelationLine;
  readonly version: string;
  readonly onClose: () => void;
  readonly onRenewed: () => void;
}) => {
  const action = useAction();
  const [expire, setExpire] = useState(relation.state === 'active' ? lastDay(relation.expiresAt) : '');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const renewed = await action.send(
      'PATCH',
      `/operations/relations/${encodeURIComponent(relation.id)}`,
      { expire, version },
      'The relation was renewed.',
    );
    if (renewed !== undefined) onRenewed();
  };
  return (
    <Dialog title={`Renew ${relation.id}`} isOpen onClose={onClose}>
      <form class="admin-form" onSubmit={(event) => void submit(event)}>
        <ExpireField
          value={expire}
          onValue={setExpire}
          fault={action.fault('expire')}
          hint="The end of this day, UTC."
        />
        <ActionError error={action.error} fields={FIELDS} />
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" isBusy={action.isBusy} disabled={expire === ''}>
            Renew
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
};
