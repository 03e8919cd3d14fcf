import { useEffect } from 'preact/hooks';
import { SignIn } from './pages/sign-in/sign-in.tsx';
import { NotFound } from './pages/not-found/not-found.tsx';
import { Button } from './parts/button.tsx';
import { EmptyState } from './parts/message.tsx';
import { entranceOf, routeOf } from './routes.ts';
import { Frame } from './shell/frame.tsx';
import { LazyPage } from './shell/lazy-page.tsx';
import { useApp } from './state/app-state.ts';
import type { SignedIn } from './state/session.ts';
import { type Address, DEFAULT_VIEW, formatAddress } from './state/url.ts';

/** The application: who is there decides between sign-in and frame, the address decides the page. */
export const App = () => {
  const { router, session } = useApp();
  const address = router.address.value;
  const state = session.state.value;
  const isSignIn = address.scope === 'nobody' && address.page === 'sign-in';

  useEffect(() => {
    if (state.kind === 'nobody' && !isSignIn) router.go(signInAddress(address), { replace: true });
    if (state.kind === 'signed-in' && !state.isEnded && (isSignIn || isRoot(address)))
      router.go(nextOf(address) ?? startOf(state), { replace: true });
  });

  if (state.kind === 'unknown') return <div role="status" aria-label="Loading" />;
  if (state.kind === 'unreachable')
    return (
      <main>
        <EmptyState
          icon="warning"
          title="Rumbrella does not answer"
          actions={<Button onClick={() => void session.begin()}>Try again</Button>}
        >
          {state.error.message}
        </EmptyState>
      </main>
    );
  if (state.kind === 'nobody') return isSignIn ? <SignIn /> : null;
  if (isSignIn || isRoot(address)) return null;
  const route = routeOf(address);
  return (
    <Frame route={route}>
      {route === undefined ? <NotFound /> : <LazyPage key={route.name} route={route} rest={address.rest} />}
    </Frame>
  );
};

const isRoot = ({ scope, page, org }: Address): boolean =>
  page === '' && (scope === 'nobody' || org !== null);

/** Sign-in that comes back to where one wanted to go. */
const signInAddress = (wanted: Address): string => {
  const next = formatAddress(wanted);
  return isRoot(wanted) ? '/app/sign-in' : `/app/sign-in?next=${encodeURIComponent(next)}`;
};

/** Where to go after signing in: only within the application. */
const nextOf = ({ extra }: Address): string | null => {
  const next = extra['next'] ?? '';
  return next.startsWith('/app/') && !next.startsWith('/app/sign-in') ? next : null;
};

const startOf = ({ home }: SignedIn): Address => ({
  org: home.id,
  site: null,
  rest: [],
  view: DEFAULT_VIEW,
  extra: {},
  ...entranceOf(home),
});
