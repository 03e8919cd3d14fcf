import type {
  ComponentChildren,
  InputHTMLAttributes,
  SelectHTMLAttributes,
  TextareaHTMLAttributes,
} from 'preact';
import { useId } from 'preact/hooks';
import './field.css';

/** What every field has: a label above, perhaps a hint and a fault below, both read out with it. */
interface FieldProps {
  readonly label: string;
  readonly hint?: ComponentChildren;
  /** What is wrong with the value; empty: nothing. */
  readonly fault?: string | undefined;
}

/** What a line of text is for the browser. */
export type InputType =
  | 'text'
  | 'password'
  | 'search'
  | 'date'
  | 'time'
  | 'datetime-local'
  | 'number'
  | 'url'
  | 'email';

/** A line of text. */
export const TextField = ({
  label,
  hint,
  fault,
  value,
  onValue,
  type = 'text',
  ...rest
}: FieldProps & {
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly type?: InputType;
} & Omit<InputHTMLAttributes, 'value' | 'onInput' | 'label' | 'role' | 'type' | 'list'>) => {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      <input
        // Preact's types tell inputs apart by `type`, which is not known here.
        {...({ ...rest, type } as InputHTMLAttributes)}
        id={id}
        class="input"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        {...describedBy(id, hint, fault)}
      />
    </Field>
  );
};

/** Several lines of text. */
export const TextArea = ({
  label,
  hint,
  fault,
  value,
  onValue,
  ...rest
}: FieldProps & {
  readonly value: string;
  readonly onValue: (value: string) => void;
} & Omit<TextareaHTMLAttributes, 'value' | 'onInput' | 'label'>) => {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      <textarea
        rows={3}
        {...rest}
        id={id}
        class="input"
        value={value}
        onInput={(event) => onValue(event.currentTarget.value)}
        {...describedBy(id, hint, fault)}
      />
    </Field>
  );
};

/** An alternative of a select. */
export interface Choice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

/** One of several, as the platform's own select. */
export const SelectField = <Value extends string>({
  label,
  hint,
  fault,
  value,
  choices,
  onValue,
  disabled = false,
}: FieldProps & {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onValue: (value: Value) => void;
  /** The hint says why. */
  readonly disabled?: boolean;
}) => {
  const id = useId();
  return (
    <Field id={id} label={label} hint={hint} fault={fault}>
      <Options
        id={id}
        value={value}
        choices={choices}
        onValue={onValue}
        disabled={disabled}
        {...describedBy(id, hint, fault)}
      />
    </Field>
  );
};

/** A select in a bar, whose label is read out but not shown. */
export const Select = <Value extends string>({
  label,
  value,
  choices,
  onValue,
}: {
  readonly label: string;
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onValue: (value: Value) => void;
}) => <Options aria-label={label} title={label} isSmall value={value} choices={choices} onValue={onValue} />;

/** A box to tick. */
export const CheckField = ({
  label,
  hint,
  checked,
  onValue,
  disabled = false,
}: {
  readonly label: ComponentChildren;
  readonly hint?: string;
  readonly checked: boolean;
  readonly onValue: (checked: boolean) => void;
  readonly disabled?: boolean;
}) => {
  const id = useId();
  return (
    <div class="check-field">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onValue(event.currentTarget.checked)}
        {...describedBy(id, hint, undefined)}
      />
      <label for={id}>
        {label}
        {hint !== undefined && (
          <span id={`${id}-hint`} class="field-hint quiet">
            {' '}
            {hint}
          </span>
        )}
      </label>
    </div>
  );
};

const Options = <Value extends string>({
  value,
  choices,
  onValue,
  isSmall = false,
  ...rest
}: {
  readonly value: Value;
  readonly choices: readonly Choice<Value>[];
  readonly onValue: (value: Value) => void;
  readonly isSmall?: boolean;
} & Pick<
  SelectHTMLAttributes,
  'disabled' | 'id' | 'title' | 'aria-label' | 'aria-describedby' | 'aria-invalid'
>) => (
  <select
    {...rest}
    class={isSmall ? 'select is-small' : 'select'}
    value={value}
    onChange={(event) => {
      const chosen = choices.find((choice) => choice.value === event.currentTarget.value);
      if (chosen !== undefined) onValue(chosen.value);
    }}
  >
    {choices.map((choice) => (
      <option key={choice.value} value={choice.value}>
        {choice.label}
      </option>
    ))}
  </select>
);

const Field = ({
  id,
  label,
  hint,
  fault,
  children,
}: FieldProps & { readonly id: string; readonly children: ComponentChildren }) => (
  <div class="field">
    <label for={id}>{label}</label>
    {children}
    {hint !== undefined && (
      <div id={`${id}-hint`} class="field-hint">
        {hint}
      </div>
    )}
    {isFault(fault) && (
      <div id={`${id}-fault`} class="field-fault">
        {fault}
      </div>
    )}
  </div>
);

const isFault = (fault: string | undefined): boolean => fault !== undefined && fault !== '';

const describedBy = (
  id: string,
  hint: ComponentChildren,
  fault: string | undefined,
): { 'aria-describedby'?: string; 'aria-invalid'?: boolean } => {
  const ids = [hint === undefined ? '' : `${id}-hint`, isFault(fault) ? `${id}-fault` : ''].filter(
    (one) => one !== '',
  );
  return {
    ...(ids.length > 0 && { 'aria-describedby': ids.join(' ') }),
    ...(isFault(fault) && { 'aria-invalid': true }),
  };
};
