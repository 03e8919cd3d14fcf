import type { Choice } from './field.tsx';
import { Icon } from './icon.tsx';
import './segmented.css';

/** A few choices side by side, one of them pressed. */
export const Segmented = <Value extends string>({
  label,
  choices,
  value,
  onValue,
  locked,
}: {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  /** null: none of them. */
  readonly value: Value | null;
  readonly onValue: (value: Value) => void;
  /** Why none can be pressed; undefined: they can. */
  readonly locked?: string | undefined;
}) => (
  <div
    class="segmented"
    role="group"
    aria-label={locked === undefined ? label : `${label}. ${locked}`}
    title={locked}
  >
    {locked !== undefined && <Icon name="lock" size={12} />}
    {choices.map((choice) => (
      <button
        key={choice.value}
        type="button"
        aria-pressed={choice.value === value}
        disabled={locked !== undefined}
        onClick={() => onValue(choice.value)}
      >
        {choice.label}
      </button>
    ))}
  </div>
);
