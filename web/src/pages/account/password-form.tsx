import { useState } from 'preact/hooks';
import { ApiError } from '../../api/errors.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Message } from '../../parts/message.tsx';
import { useApp } from '../../state/app-state.ts';

const LEAST = 8;

/** Changes one's own password, and signs in again with it, since it ends all sessions. */
export const PasswordForm = () => {
  const { client, session, toasts } = useApp();
  const state = session.state.value;
  const [old, setOld] = useState('');
  const [chosen, setChosen] = useState('');
  const [repeated, setRepeated] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [isTried, setTried] = useState(false);
  const [fault, setFault] = useState('');
  if (state.kind !== 'signed-in') return null;

  const isShort = chosen.length < LEAST;
  const isOther = repeated !== chosen;
  const change = async (event: Event): Promise<void> => {
    event.preventDefault();
    setTried(true);
    setFault('');
    if (isShort || isOther) return;
    const { username, home } = state;
    setBusy(true);
    try {
      const body = { username, password: old, newPassword: chosen };
      await client.send('POST', '/authn/update', body, { tenant: home.id });
      await session.signIn({ tenant: home.id, username, password: chosen });
      toasts.say('Your password was changed. All other sessions are over.');
      setOld('');
      setChosen('');
      setRepeated('');
      setTried(false);
    } catch (error) {
      setFault(faultOf(error));
    } finally {
      setBusy(false);
    }
  };

  return (
    <form class="admin-form" onSubmit={(event) => void change(event)}>
      {fault !== '' && <Message kind="trouble" title={fault} />}
      <input
        class="unseen"
        type="text"
        autocomplete="username"
        value={state.username}
        readOnly
        tabIndex={-1}
        aria-hidden="true"
      />
      <TextField
        label="Current password"
        type="password"
        value={old}
        onValue={setOld}
        autocomplete="current-password"
        required
      />
      <TextField
        label="New password"
        type="password"
        value={chosen}
        onValue={setChosen}
        autocomplete="new-password"
        hint={`At least ${LEAST} characters; a few words are easy to keep in mind.`}
        fault={isTried && isShort ? `It has fewer than ${LEAST} characters.` : undefined}
        required
      />
      <TextField
        label="New password again"
        type="password"
        value={repeated}
        onValue={setRepeated}
        autocomplete="new-password"
        fault={isTried && isOther ? 'It is another one than above.' : undefined}
        required
      />
      <div>
        <Button type="submit" isBusy={isBusy}>
          Change password
        </Button>
      </div>
    </form>
  );
};

const faultOf = (error: unknown): string => {
  if (!(error instanceof ApiError)) return 'The password was not changed. Try again.';
  if (error.code === 'password.incorrect') return 'The password of now is wrong.';
  if (error.status === 429) return 'Too many attempts. Wait a quarter of an hour, then try again.';
  return error.message;
};
