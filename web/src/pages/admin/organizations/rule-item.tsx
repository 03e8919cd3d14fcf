import type { OrganizationLine, RelationLine } from '#operations';
import { Button } from '../../../parts/button.tsx';
import { Icon } from '../../../parts/icon.tsx';
import type { Action } from '../parts/use-action.ts';
import { useHome } from '../parts/use-home.ts';
import { explainAddress, type RuleDraft, ruleOf } from './rule-draft.ts';
import { RuleFields } from './rule-fields.tsx';
import { ruleWords } from './rule-words.ts';

/** A rule: what it does in a sentence, its place among the others, and its fields when it is opened. */
export const RuleItem = ({
  relation,
  members,
  draft,
  place,
  count,
  hiddenBy,
  onDraft,
  onMove,
  onRemove,
  action,
}: {
  /** null: it is not there yet, and nothing can be explained. */
  readonly relation: RelationLine | null;
  readonly members: readonly OrganizationLine[];
  readonly draft: RuleDraft;
  /** From 0. */
  readonly place: number;
  readonly count: number;
  /** Place of a rule above that leaves it nothing; -1: none. */
  readonly hiddenBy: number;
  readonly onDraft: (draft: RuleDraft) => void;
  readonly onMove: (by: -1 | 1) => void;
  readonly onRemove: () => void;
  readonly action: Action;
}) => {
  const home = useHome()?.id;
  const rule = ruleOf(draft);
  const nameOf = (id: string): string => members.find((one) => one.id === id)?.name ?? id;
  const isGone = !members.some(({ id }) => id === draft.tenant);
  const fault = action.fault(`rules.${place}`);
  return (
    <li class="rule">
      <details open={draft.was === undefined || fault !== undefined}>
        <summary data-focus={`${draft.key}-head`}>
          <b>{place + 1}.</b> {ruleWords(rule, nameOf)}
        </summary>
        <RuleFields draft={draft} place={place} members={members} onDraft={onDraft} action={action} />
        {relation !== null && (
          <p class="admin-note">
            <a
              href={explainAddress(home ?? relation.tenant, relation, rule)}
              target="_blank"
              rel="noreferrer"
            >
              Explain a request that it takes
            </a>{' '}
            in a new window; it knows the rules as they are saved.
          </p>
        )}
      </details>
      <div class="rule-buttons">
        <Button
          kind="quiet"
          icon="up"
          label={`Move rule ${place + 1} up`}
          disabled={place === 0}
          onClick={() => onMove(-1)}
          data-focus={`${draft.key}-up`}
        />
        <Button
          kind="quiet"
          icon="falling"
          label={`Move rule ${place + 1} down`}
          disabled={place === count - 1}
          onClick={() => onMove(1)}
          data-focus={`${draft.key}-down`}
        />
        <Button kind="quiet" icon="trash" label={`Remove rule ${place + 1}`} onClick={onRemove} />
      </div>
      {hiddenBy !== -1 && (
        <p class="rule-warning">
          <Icon name="warning" /> Never reached: rule {hiddenBy + 1} takes every request of it.
        </p>
      )}
      {isGone && (
        <p class="rule-warning">
          <Icon name="warning" /> {nameOf(draft.tenant)} is no member of the relation any more: choose another
          one, or remove the rule.
        </p>
      )}
      {fault !== undefined && (
        <p class="field-fault" role="alert">
          {fault}
        </p>
      )}
    </li>
  );
};
