import { ButtonLink } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { useApp } from '../state/app-state.ts';
import { formatAddress } from '../state/url.ts';

/** When the session has run out: signing in leads back to this very view. */
export const SessionEnded = () => {
  const { router, session } = useApp();
  const state = session.state.value;
  const isEnded = state.kind === 'signed-in' && state.isEnded;
  return (
    <Dialog title="Your session has ended" isOpen={isEnded} onClose={() => undefined}>
      <p>Sign in again to go on where you were. What is on the page stays as it is until then.</p>
      <DialogActions>
        <ButtonLink
          kind="primary"
          href={`/app/sign-in?next=${encodeURIComponent(formatAddress(router.address.value))}`}
        >
          Sign in again
        </ButtonLink>
      </DialogActions>
    </Dialog>
  );
};
