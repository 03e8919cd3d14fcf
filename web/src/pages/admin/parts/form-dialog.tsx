import type { ComponentChildren } from 'preact';
import { Dialog } from '../../../parts/dialog.tsx';
import { FormActions } from '../../../parts/form-actions.tsx';
import { ActionError } from './action-error.tsx';
import type { Action } from './use-action.ts';
import './admin.css';

/** A dialog that asks for something and sends it: the fields, why it was refused, the buttons. */
export const FormDialog = ({
  title,
  words,
  action,
  fields,
  disabled = false,
  kind = 'plain',
  otherWays,
  onSubmit,
  onClose,
  children,
}: {
  readonly title: string;
  /** On the button that sends. */
  readonly words: string;
  readonly action: Action;
  /** Fields that show their faults themselves. */
  readonly fields: readonly string[];
  /** Something that it needs is missing. */
  readonly disabled?: boolean;
  readonly kind?: 'plain' | 'wide';
  /** Buttons that lead elsewhere. */
  readonly otherWays?: ComponentChildren;
  readonly onSubmit: () => Promise<void>;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}) => (
  <Dialog title={title} kind={kind} isOpen onClose={onClose}>
    <form
      class="admin-form"
      onSubmit={(event) => {
        event.preventDefault();
        void onSubmit();
      }}
    >
      {children}
      <ActionError error={action.error} fields={fields} />
      <FormActions words={words} isBusy={action.isBusy} disabled={disabled} onCancel={onClose}>
        {otherWays}
      </FormActions>
    </form>
  </Dialog>
);
