import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { OrganizationLine, RelationLine } from '#operations';
import { Button } from '../../../parts/button.tsx';
import type { Action } from '../parts/use-action.ts';
import { hiddenBy, type RuleDraft, ruleOf } from './rule-draft.ts';
import { RuleItem } from './rule-item.tsx';
import './rule-editor.css';

/** Which requests of a relation go to a member by themselves, in the order in which they are looked at. */
export const RuleEditor = ({
  relation,
  members,
  value,
  onValue,
  action,
}: {
  /** null: it is not there yet. */
  readonly relation: RelationLine | null;
  /** For whom a request may be done. */
  readonly members: readonly OrganizationLine[];
  readonly value: readonly RuleDraft[];
  readonly onValue: (rules: readonly RuleDraft[]) => void;
  readonly action: Action;
}) => {
  const list = useRef<HTMLOListElement>(null);
  const added = useRef(0);
  const [focus, setFocus] = useState<string | null>(null);
  const [said, say] = useState('');
  const rules = value.map(ruleOf);

  // A rule that is moved is another element for the browser, which would forget where the keyboard was.
  useLayoutEffect(() => {
    if (focus === null) return;
    const root = list.current?.parentElement;
    const found = focus
      .split(' ')
      .map((name) => root?.querySelector<HTMLButtonElement>(`[data-focus="${name}"]`));
    found.find((each) => each && each.disabled !== true)?.focus();
    setFocus(null);
  }, [focus]);

  const move = (place: number, by: -1 | 1): void => {
    const next = [...value];
    const [rule] = next.splice(place, 1);
    if (rule === undefined) return;
    next.splice(place + by, 0, rule);
    onValue(next);
    say(`Rule ${place + 1} is now rule ${place + by + 1} of ${next.length}.`);
    setFocus(by === -1 ? `${rule.key}-up ${rule.key}-down` : `${rule.key}-down ${rule.key}-up`);
  };
  const remove = (place: number): void => {
    const next = value.filter((_rule, at) => at !== place);
    onValue(next);
    say(`Rule ${place + 1} was taken out, ${next.length} are left.`);
    const beside = next[place] ?? next.at(-1);
    setFocus(beside === undefined ? 'add' : `${beside.key}-head`);
  };
  const add = (): void => {
    added.current += 1;
    const key = `new-${added.current}`;
    const tenant = members[0]?.id ?? '';
    onValue([...value, { key, was: undefined, method: '', path: '', conditions: [], tenant }]);
    setFocus(`${key}-head`);
  };

  return (
    <fieldset class="admin-fieldset rule-editor">
      <legend>Requests that go to a member by themselves</legend>
      <p class="admin-note">
        The first rule that fits a request decides for whom it is done. Without one, a request names its
        organization itself.
      </p>
      <ol ref={list} class="rule-list">
        {value.map((draft, place) => (
          <RuleItem
            key={draft.key}
            relation={relation}
            members={members}
            draft={draft}
            place={place}
            count={value.length}
            hiddenBy={hiddenBy(rules, place)}
            onDraft={(next) => onValue(value.map((each) => (each.key === next.key ? next : each)))}
            onMove={(by) => move(place, by)}
            onRemove={() => remove(place)}
            action={action}
          />
        ))}
      </ol>
      <div>
        <Button icon="plus" onClick={add} data-focus="add" disabled={members.length === 0}>
          Add rule
        </Button>
      </div>
      <p class="unseen" role="status">
        {said}
      </p>
    </fieldset>
  );
};
