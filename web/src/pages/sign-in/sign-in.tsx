import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../../api/errors.ts';
import { fetchInstance, type Instance } from '../../api/session.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { Message } from '../../parts/message.tsx';
import { useApp } from '../../state/app-state.ts';
import { SignInCard } from './sign-in-card.tsx';

/** The accounts that a demo is made with. */
const DEMO_ACCOUNTS = [
  { tenant: 'demo_shop', username: 'shop', what: 'Shop' },
  { tenant: 'demo_news', username: 'news', what: 'News' },
  { tenant: 'demo_agency', username: 'agency', what: 'Agency' },
  { tenant: 'demo_agency', username: 'operator', what: 'Operator' },
  { tenant: 'demo_shop', username: 'viewer', what: 'Viewer' },
] as const;

/** Organization, name and password; leads on to where one wanted to go. */
export const SignIn = () => {
  const { client, session } = useApp();
  const last = session.last();
  const [tenant, setTenant] = useState(last.tenant);
  const [username, setUsername] = useState(last.username);
  const [password, setPassword] = useState('');
  const [fault, setFault] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [instance, setInstance] = useState<Instance | null>(null);

  useEffect(() => {
    document.title = 'Sign in · Rumbrella';
    fetchInstance(client).then(setInstance, () => setInstance(null));
  }, [client]);

  const submit = async (): Promise<void> => {
    setBusy(true);
    setFault('');
    try {
      await session.signIn({ tenant: tenant.trim(), username: username.trim(), password });
    } catch (error) {
      setFault(faultOf(error));
      setBusy(false);
      setPassword('');
      document.querySelector<HTMLInputElement>('input[name=password]')?.focus();
    }
  };

  return (
    <SignInCard
      title="Sign in"
      onSubmit={submit}
      beside={
        instance?.demo === true && (
          <div class="sign-in-demo">
            This is a demo. Fill in an account; the password stands in the terminal where Rumbrella was
            started.
            <ul>
              {DEMO_ACCOUNTS.map((account) => (
                <li key={account.username}>
                  <Button
                    onClick={() => {
                      setTenant(account.tenant);
                      setUsername(account.username);
                      document.querySelector<HTMLInputElement>('input[name=password]')?.focus();
                    }}
                  >
                    {account.what}
                  </Button>
                </li>
              ))}
            </ul>
          </div>
        )
      }
    >
      {fault !== '' && <Message kind="trouble" title={fault} />}
      <TextField
        label="Organization"
        name="organization"
        value={tenant}
        onValue={setTenant}
        autocomplete="organization"
        autocapitalize="none"
        spellcheck={false}
        required
      />
      <TextField
        label="User name"
        name="username"
        value={username}
        onValue={setUsername}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        required
      />
      <TextField
        label="Password"
        name="password"
        type="password"
        value={password}
        onValue={setPassword}
        autocomplete="current-password"
        required
      />
      <Button type="submit" kind="primary" isBusy={isBusy}>
        {isBusy ? 'Signing in…' : 'Sign in'}
      </Button>
    </SignInCard>
  );
};

const faultOf = (error: unknown): string => {
  if (!(error instanceof ApiError)) return 'Signing in did not work. Try again.';
  if (error.code === 'password.incorrect') return 'User name or password is wrong.';
  if (error.status === 400 || error.status === 404) return 'There is no such organization.';
  if (error.status === 429) return 'Too many attempts. Wait a quarter of an hour, then try again.';
  return error.message;
};
