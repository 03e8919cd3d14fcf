import type { OrganizationLine } from '#operations';
import { CheckField, TextField } from '../../../parts/field.tsx';
import type { Action } from '../parts/use-action.ts';

/** What a relation is to be, as it stands in the fields. */
export interface RelationWish {
  readonly members: ReadonlySet<string>;
  /** With commas between. */
  readonly modules: string;
  readonly permissions: string;
  readonly requiresAccount: boolean;
}

/** For whom, with which modules, and at most with which permissions. */
export const RelationFields = ({
  organizations,
  value,
  onValue,
  action,
}: {
  /** Who may be a member. */
  readonly organizations: readonly OrganizationLine[];
  readonly value: RelationWish;
  readonly onValue: (value: RelationWish) => void;
  readonly action: Action;
}) => {
  const toggle = (id: string, isMember: boolean): void => {
    const members = new Set(value.members);
    if (isMember) members.add(id);
    else members.delete(id);
    onValue({ ...value, members });
  };
  return (
    <>
      <fieldset class="admin-fieldset">
        <legend>For whom</legend>
        <div class="admin-choices">
          {organizations.map(({ id, name }) => (
            <CheckField
              key={id}
              label={name}
              checked={value.members.has(id)}
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
        value={value.modules}
        onValue={(modules) => onValue({ ...value, modules })}
        fault={action.fault('modules')}
        hint="With commas between."
        spellcheck={false}
      />
      <TextField
        label="At most with these permissions"
        value={value.permissions}
        onValue={(permissions) => onValue({ ...value, permissions })}
        fault={action.fault('permissions')}
        hint="A person may do there what he or she may do at home, and never more than this."
        spellcheck={false}
      />
      <CheckField
        label="Only for people who have an account there"
        checked={value.requiresAccount}
        onValue={(requiresAccount) => onValue({ ...value, requiresAccount })}
        hint="Whom a member has not made an account for is refused there, whatever he or she may do at home."
      />
    </>
  );
};
