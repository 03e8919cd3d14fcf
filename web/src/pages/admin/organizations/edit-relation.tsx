import { useState } from 'preact/hooks';
import type { OrganizationLine, RelationChangeRequest, RelationLine } from '#operations';
import { lastDay, listOf } from '../parts/days.ts';
import { FormDialog } from '../parts/form-dialog.tsx';
import { ExpireField } from '../parts/organization-fields.tsx';
import { useAction } from '../parts/use-action.ts';
import { RelationFields, type RelationWish } from './relation-fields.tsx';
import { ruleWords } from './rule-words.ts';

const FIELDS = ['executesAs', 'modules', 'permissions', 'expire'];

/** Gives a relation other members, modules, another ceiling and end; its rules are shown. */
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
  };
  const until = relation.state === 'active' ? lastDay(relation.expiresAt) : '';
  const [wish, setWish] = useState(before);
  const [expire, setExpire] = useState(until);
  const nameOf = (id: string): string => organizations.find((one) => one.id === id)?.name ?? id;
  const left = relation.rules.filter(({ tenant }) => !wish.members.has(tenant));

  const submit = async (): Promise<void> => {
    const members = [...wish.members];
    const isSame = members.length === before.members.size && members.every((id) => before.members.has(id));
    const body: RelationChangeRequest = {
      ...(!isSame && { executesAs: members }),
      ...(wish.modules !== before.modules && { modules: listOf(wish.modules) }),
      ...(wish.permissions !== before.permissions && { permissions: listOf(wish.permissions) }),
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
      fields={FIELDS}
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
      {relation.rules.length > 0 && (
        <fieldset class="admin-fieldset">
          <legend>Requests that go to a member by themselves</legend>
          <ul class="relation-rules">
            {relation.rules.map((rule, place) => (
              <li key={place}>{ruleWords(rule, nameOf)}</li>
            ))}
          </ul>
          <p class="admin-note">
            {left.length > 0
              ? `${left.length === 1 ? 'One of these goes' : `${left.length} of these go`} with the members that are taken out.`
              : 'They are written by hand in the users map, under “when”.'}
          </p>
        </fieldset>
      )}
    </FormDialog>
  );
};
