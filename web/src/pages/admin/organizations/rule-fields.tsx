import type { OrganizationLine } from '#operations';
import { Button } from '../../../parts/button.tsx';
import { SelectField, TextField } from '../../../parts/field.tsx';
import type { Action } from '../parts/use-action.ts';
import { type ConditionDraft, nameTwice, type RuleDraft } from './rule-draft.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
const WHERE = [
  { value: 'query', label: 'Query' },
  { value: 'body', label: 'JSON body' },
] as const;

/** What a rule looks at, and for whom the request is done then. */
export const RuleFields = ({
  draft,
  place,
  members,
  onDraft,
  action,
}: {
  readonly draft: RuleDraft;
  readonly place: number;
  readonly members: readonly OrganizationLine[];
  readonly onDraft: (draft: RuleDraft) => void;
  readonly action: Action;
}) => {
  const isInvalid = (member: string): { 'aria-invalid'?: boolean } =>
    action.fault(`rules.${place}.${member}`) === undefined ? {} : { 'aria-invalid': true };
  const known = draft.method === '' || METHODS.includes(draft.method) ? METHODS : [...METHODS, draft.method];
  const choices = members.map(({ id, name }) => ({ value: id, label: name }));
  const isMember = members.some(({ id }) => id === draft.tenant);
  const setCondition = (at: number, change: Partial<ConditionDraft>): void =>
    onDraft({
      ...draft,
      conditions: draft.conditions.map((each, index) => (index === at ? { ...each, ...change } : each)),
    });
  const twice = nameTwice(draft);
  return (
    <div class="rule-fields">
      <div class="admin-row">
        <SelectField
          label="Method"
          value={draft.method}
          onValue={(method) => onDraft({ ...draft, method })}
          choices={[{ value: '', label: 'any' }, ...known.map((value) => ({ value, label: value }))]}
        />
        <TextField
          label="Path"
          value={draft.path}
          onValue={(path) => onDraft({ ...draft, path })}
          placeholder="any, or such as /eholdings/*"
          spellcheck={false}
          {...isInvalid('path')}
        />
        <SelectField
          label="Done for"
          value={draft.tenant}
          onValue={(tenant) => onDraft({ ...draft, tenant })}
          choices={isMember ? choices : [{ value: draft.tenant, label: draft.tenant }, ...choices]}
        />
      </div>
      {draft.conditions.map((condition, at) => (
        <div key={at} class="admin-row rule-condition">
          <SelectField
            label={`Condition ${at + 1}, in`}
            value={condition.where}
            onValue={(where) => setCondition(at, { where })}
            choices={WHERE}
          />
          <TextField
            label="Name"
            value={condition.name}
            onValue={(name) => setCondition(at, { name })}
            spellcheck={false}
            required={condition.value !== ''}
          />
          <TextField
            label="has the value"
            value={condition.value}
            onValue={(value) => setCondition(at, { value })}
            spellcheck={false}
            {...isInvalid(condition.where)}
          />
          <Button
            kind="quiet"
            icon="close"
            label={`Take condition ${at + 1} away`}
            onClick={() =>
              onDraft({ ...draft, conditions: draft.conditions.filter((_each, index) => index !== at) })
            }
          />
        </div>
      ))}
      {twice !== undefined && (
        <p class="field-fault" role="alert">
          {twice} is asked for twice in the same place; a rule knows one value of it.
        </p>
      )}
      <div>
        <Button
          kind="quiet"
          icon="plus"
          onClick={() =>
            onDraft({ ...draft, conditions: [...draft.conditions, { where: 'query', name: '', value: '' }] })
          }
        >
          Add condition
        </Button>
      </div>
    </div>
  );
};
