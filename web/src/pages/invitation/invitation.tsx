import { useEffect, useState } from 'preact/hooks';
import { acceptInvitation, fetchInvitation, type OpenInvitation, tenantOfToken } from '../../api/accounts.ts';
import { ApiError } from '../../api/errors.ts';
import { Button } from '../../parts/button.tsx';
import { TextField } from '../../parts/field.tsx';
import { EmptyState, Message } from '../../parts/message.tsx';
import { formatDay } from '../../parts/numbers.ts';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import type { PageProps } from '../../route.ts';
import { useApp } from '../../state/app-state.ts';
import { SignInCard } from '../sign-in/sign-in-card.tsx';

const LEAST = 8;

/** Where an invitation's link leads: says what for, and makes one's own account. */
export const InvitationPage = ({ rest }: PageProps) => {
  const { client, session } = useApp();
  const token = rest[0] ?? '';
  const tenant = tenantOfToken(token);
  const [invitation, setInvitation] = useState<OpenInvitation | null>(null);
  const [trouble, setTrouble] = useState<string | null>(
    tenant === null ? 'The address is not whole. Copy all of the link.' : null,
  );
  const state = session.state.value;
  const person = state.kind === 'signed-in' && !state.isEnded ? state : null;

  useEffect(() => {
    document.title = 'Invitation · Rumbrella';
  }, []);
  useEffect(() => {
    // With somebody else's session the question would be asked in his organization.
    if (tenant === null || state.kind === 'unknown' || person !== null) return;
    fetchInvitation(client, tenant, token).then(setInvitation, (error: unknown) =>
      setTrouble(error instanceof ApiError ? error.message : 'It could not be opened.'),
    );
  }, [client, tenant, token, state.kind]);

  if (trouble !== null)
    return (
      <main>
        <EmptyState icon="warning" title="This invitation does not open">
          {trouble}
        </EmptyState>
      </main>
    );
  if (person !== null)
    return (
      <main>
        <EmptyState
          icon="people"
          title="Use this invitation?"
          actions={
            <Button kind="primary" onClick={() => void session.signOut()}>
              Sign out and go on
            </Button>
          }
        >
          You are signed in as {person.username}. The invitation makes another account.
        </EmptyState>
      </main>
    );
  if (invitation === null || tenant === null)
    return (
      <main>
        <SkeletonLines />
      </main>
    );
  return <Welcome invitation={invitation} tenant={tenant} token={token} />;
};

const Welcome = ({
  invitation,
  tenant,
  token,
}: {
  readonly invitation: OpenInvitation;
  readonly tenant: string;
  readonly token: string;
}) => {
  const { client, router, session } = useApp();
  const [username, setUsername] = useState('');
  const [firstName, setFirstName] = useState('');
  const [lastName, setLastName] = useState('');
  const [password, setPassword] = useState('');
  const [error, setError] = useState<ApiError | null>(null);
  const [isBusy, setBusy] = useState(false);
  const [isTried, setTried] = useState(false);
  const isShort = password.length < LEAST;
  const accept = async (): Promise<void> => {
    setTried(true);
    setError(null);
    if (isShort) return;
    setBusy(true);
    try {
      const name = username.trim();
      await acceptInvitation(client, tenant, token, { username: name, password, firstName, lastName });
      await session.signIn({ tenant, username: name, password });
      router.go('/app/', { replace: true });
    } catch (failure) {
      setBusy(false);
      if (failure instanceof ApiError) setError(failure);
      else throw failure;
    }
  };
  const { organization, roleTitle, invitedBy, expiresAt } = invitation;
  return (
    <SignInCard title={`Join ${organization.name}`} onSubmit={accept}>
      <p class="quiet">
        {invitedBy} invites you as {roleTitle.toLowerCase()}. The link is good once, until{' '}
        {formatDay(expiresAt)}.
      </p>
      {error !== null && error.fields.size === 0 && <Message kind="trouble" title={error.message} />}
      <TextField
        label="User name"
        value={username}
        onValue={setUsername}
        autocomplete="username"
        autocapitalize="none"
        spellcheck={false}
        fault={error?.fields.get('username')}
        required
      />
      <TextField
        label="First name"
        value={firstName}
        onValue={setFirstName}
        autocomplete="given-name"
        fault={error?.fields.get('firstName')}
      />
      <TextField
        label="Last name"
        value={lastName}
        onValue={setLastName}
        autocomplete="family-name"
        fault={error?.fields.get('lastName')}
        required
      />
      <TextField
        label="Password"
        type="password"
        value={password}
        onValue={setPassword}
        autocomplete="new-password"
        hint={`At least ${LEAST} characters`}
        fault={isTried && isShort ? `It has fewer than ${LEAST} characters.` : error?.fields.get('password')}
        required
      />
      <Button type="submit" kind="primary" isBusy={isBusy}>
        Make my account
      </Button>
    </SignInCard>
  );
};
