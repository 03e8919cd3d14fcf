import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { DialogActions } from './dialog.tsx';

/** The end of a form in a dialog: the way out, and the button that sends it. */
export const FormActions = ({
  words,
  isBusy,
  disabled = false,
  onCancel,
  children,
}: {
  /** On the button that sends. */
  readonly words: string;
  readonly isBusy: boolean;
  /** Something that it needs is missing. */
  readonly disabled?: boolean;
  readonly onCancel: () => void;
  /** Other ways out, before these two. */
  readonly children?: ComponentChildren;
}) => (
  <DialogActions>
    {children}
    <Button onClick={onCancel}>Cancel</Button>
    <Button type="submit" kind="primary" isBusy={isBusy} disabled={disabled}>
      {words}
    </Button>
  </DialogActions>
);
