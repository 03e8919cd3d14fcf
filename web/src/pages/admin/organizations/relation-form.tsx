import { useState } from 'preact/hooks';
import type { NewRelationRequest, OrganizationLine, RelationLine } from '#operations';
import { SelectField } from '../../../parts/field.tsx';
import { lastDay, listOf } from '../parts/days.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { ExpireField } from '../parts/organization-fields.tsx';
import { useAction } from '../parts/use-action.ts';
import { RelationFields, type RelationWish } from './relation-fields.tsx';
import { nameTwice, type RuleDraft, ruleOf } from './rule-draft.ts';
import { RuleEditor } from './rule-editor.tsx';

const FIELDS = ['tenant', 'executesAs', 'modules', 'permissions', 'expire', 'rules'];

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
  const [fields, setFields] = useState<RelationWish>({
    members: new Set(),
    modules: 'reports, notes',
    permissions: 'reports.*, notes.*, note.types.*',
    requiresAccount: false,
  });
  const [expire, setExpire] = useState('');
  const [rules, setRules] = useState<readonly RuleDraft[]>([]);

  const submit = async (): Promise<void> => {
    const body: NewRelationRequest = {
      tenant,
      executesAs: [...fields.members].filter((id) => id !== tenant),
      modules: listOf(fields.modules),
      permissions: listOf(fields.permissions),
      ...(fields.requiresAccount && { requiresAccount: true }),
      ...(expire !== '' && { expire }),
      ...(rules.length > 0 && { rules: rules.map(ruleOf) }),
      version,
    };
    const added = await action.send('POST', '/operations/relations', body, 'The relation was added.');
    if (added !== undefined) onAdded();
  };

  return (
    <FormDialog
      title="Let an organization act for others"
      words="Add relation"
      action={action}
      kind="wide"
      fields={FIELDS}
      disabled={rules.some((rule) => nameTwice(rule) !== undefined)}
      onSubmit={submit}
      onClose={onClose}
    >
      <SelectField
        label="Who may act"
        value={tenant}
        onValue={setTenant}
        fault={action.fault('tenant')}
        choices={organizations.map(({ id, name }) => ({ value: id, label: name }))}
      />
      <RelationFields
        organizations={organizations.filter(({ id }) => id !== tenant)}
        value={fields}
        onValue={setFields}
        action={action}
      />
      <ExpireField value={expire} onValue={setExpire} fault={action.fault('expire')} />
      <RuleEditor
        relation={null}
        members={organizations.filter(({ id }) => id !== tenant && fields.members.has(id))}
        value={rules}
        onValue={setRules}
        action={action}
      />
    </FormDialog>
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
  const submit = async (): Promise<void> => {
    const renewed = await action.send(
      'PATCH',
      `/operations/relations/${encodeURIComponent(relation.id)}`,
      { expire, version },
      'The relation was renewed.',
    );
    if (renewed !== undefined) onRenewed();
  };
  return (
    <FormDialog
      title={`Renew ${relation.id}`}
      words="Renew"
      action={action}
      fields={FIELDS}
      disabled={expire === ''}
      onSubmit={submit}
      onClose={onClose}
    >
      <ExpireField
        value={expire}
        onValue={setExpire}
        fault={action.fault('expire')}
        hint="The end of this day, UTC."
      />
    </FormDialog>
  );
};
