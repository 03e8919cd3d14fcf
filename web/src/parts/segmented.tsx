import type { Choice } from './field.tsx';
import './segmented.css';

/** A few choices side by side, one of them pressed. */
export const Segmented = <Value extends string>({
  label,
  choices,
  value,
  onValue,
}: {
  readonly label: string;
  readonly choices: readonly Choice<Value>[];
  /** null: none of them. */
  readonly value: Value | null;
  readonly onValue: (value: Value) => void;
}) => (
  <div class="segmented" role="group" aria-label={label}>
    {choices.map((choice) => (
      <button
        key={choice.value}
        type="button"
        aria-pressed={choice.value === value}
        onClick={() => onValue(choice.value)}
      >
        {choice.label}
      </button>
    ))}
  </div>
);
