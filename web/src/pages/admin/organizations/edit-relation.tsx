import { useState } from 'preact/hooks';
import type { OrganizationLine, RelationChangeRequest, RelationLine } from '#operations';
import { lastDay, listOf } from '../parts/days.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { ExpireField } from '../parts/organization-fields.tsx';
import { useAction } from '../parts/use-action.ts';
import { RelationFields, type RelationWish } from './relation-fields.tsx';
import { areChanged, draftsOf, nameTwice, ruleOf } from './rule-draft.ts';
import { RuleEditor } from './rule-editor.tsx';

const FIELDS = ['executesAs', 'modules', 'permissions', 'expire', 'rules'];

/** Gives a relation other members, modules and rules, another ceiling and end. */
export const EditRelation = ({
  relation,
  organizations,
  version,
  onClose,
  onChanged,
}: {
  readonly relation: RelationLine;
  readonly organizations: readonly OrganizationLine[];
  readonly version: string;
  readonly onClose: () => void;
  readonly onChanged: () => void;
}) => {
  const action = useAction();
  const before: RelationWish = {
    members: new Set(relation.executesAs),
    modules: relation.modules.join(', '),
    permissions: relation.permissions.join(', '),
    requiresAccount: relation.requiresAccount,
  };
  const until = relation.state === 'active' ? lastDay(relation.expiresAt) : '';
  const [wish, setWish] = useState(before);
  const [expire, setExpire] = useState(until);
  const [rules, setRules] = useState(() => draftsOf(relation));
  const nameOf = (id: string): string => organizations.find((one) => one.id === id)?.name ?? id;

  const submit = async (): Promise<void> => {
    const members = [...wish.members];
    const isSame = members.length === before.members.size && members.every((id) => before.members.has(id));
    const body: RelationChangeRequest = {
      ...(!isSame && { executesAs: members }),
      ...(wish.modules !== before.modules && { modules: listOf(wish.modules) }),
      ...(wish.permissions !== before.permissions && { permissions: listOf(wish.permissions) }),
      ...(wish.requiresAccount !== before.requiresAccount && { requiresAccount: wish.requiresAccount }),
      ...(areChanged(rules, relation) && { rules: rules.map(ruleOf) }),
      ...(expire !== until && { expire: expire === '' ? null : expire }),
      version,
    };
    const path = `/operations/relations/${encodeURIComponent(relation.id)}`;
    const changed = await action.send('PATCH', path, body, 'The relation was changed.');
    if (changed !== undefined) onChanged();
  };

  return (
    <FormDialog
      title={`What ${nameOf(relation.tenant)} may do`}
      words="Save"
      action={action}
      kind="wide"
      fields={FIELDS}
      disabled={rules.some((rule) => nameTwice(rule) !== undefined)}
      onSubmit={submit}
      onClose={onClose}
    >
      <RelationFields
        organizations={organizations.filter(({ id }) => id !== relation.tenant)}
        value={wish}
        onValue={setWish}
        action={action}
      />
      <ExpireField value={expire} onValue={setExpire} fault={action.fault('expire')} />
      <RuleEditor
        relation={relation}
        members={organizations.filter(({ id }) => wish.members.has(id))}
        value={rules}
        onValue={setRules}
        action={action}
      />
    </FormDialog>
  );
};
