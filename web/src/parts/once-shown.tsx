import type { ComponentChildren } from 'preact';
import { Button } from './button.tsx';
import { CopyButton } from './copy-button.tsx';
import { DialogActions } from './dialog.tsx';
import { Message } from './message.tsx';
import './once-shown.css';

/** A secret that was made and is shown this once. */
export const OnceShown = ({
  what,
  secret,
  children,
  onClose,
}: {
  /** What it is, for sentences: "The link". */
  readonly what: string;
  readonly secret: string;
  readonly children?: ComponentChildren;
  readonly onClose: () => void;
}) => (
  <div class="once-shown">
    <Message kind="warning" title={`${what} is shown this once`}>
      Copy it now. Nobody can look it up later; a new one can always be made.
    </Message>
    <output aria-label={what}>{secret}</output>
    {children}
    <DialogActions>
      <CopyButton text={secret} what={what} />
      <Button kind="primary" onClick={onClose}>
        Done
      </Button>
    </DialogActions>
  </div>
);
