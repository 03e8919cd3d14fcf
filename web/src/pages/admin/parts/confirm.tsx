import type { ComponentChildren } from 'preact';
import { Button } from '../../../parts/button.tsx';
import { Dialog, DialogActions } from '../../../parts/dialog.tsx';
import { ActionError } from './action-error.tsx';
import type { Action } from './use-action.ts';

/** Asks once more before something that others notice. */
export const Confirm = ({
  title,
  children,
  words,
  action,
  onConfirm,
  onClose,
}: {
  readonly title: string;
  readonly children: ComponentChildren;
  /** On the button that does it. */
  readonly words: string;
  readonly action: Action;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}) => (
  <Dialog title={title} isOpen onClose={onClose}>
    <div>{children}</div>
    <ActionError error={action.error} />
    <DialogActions>
      <Button onClick={onClose}>Cancel</Button>
      <Button kind="danger" isBusy={action.isBusy} onClick={onConfirm}>
        {words}
      </Button>
    </DialogActions>
  </Dialog>
);
