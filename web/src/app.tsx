import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { NotFound } from './pages/not-found/not-found.tsx';
import { SignIn } from './pages/sign-in/sign-in.tsx';
import { Button } from './parts/button.tsx';
import { EmptyState } from './parts/message.tsx';
import type { Route } from './route.ts';
import { entranceOf, isForOrganization, routeOf } from './routes.ts';
import { Frame } from './shell/frame.tsx';
import { LazyPage } from './shell/lazy-page.tsx';
import { NoReports, UnknownOrganization } from './shell/wrong-organization.tsx';
import { UnknownSite } from './shell/unknown-site.tsx';
import { siteKey, useApp } from './state/app-state.ts';
import type { SessionState, SignedIn } from './state/session.ts';
import { type Address, DEFAULT_VIEW, formatAddress } from './state/url.ts';

/** The application: who is there decides between sign-in and frame, the address decides the page. */
export const App = () => {
  const { router, session } = useApp();
  const address = router.address.value;
  const state = session.state.value;
  const route = routeOf(address);
  const isSignIn = address.scope === 'nobody' && address.page === 'sign-in';

  useEffect(() => {
    const to = wayOn(state, address, route);
    if (to !== null) router.go(to, { replace: true });
  });

  if (route?.isPublic === true) return <LazyPage key={route.name} route={route} rest={address.rest} />;
  if (state.kind === 'unreachable') return <Unreachable />;
  if (isSignIn && (state.kind === 'nobody' || (state.kind === 'signed-in' && state.isEnded)))
    return <SignIn />;
  if (state.kind !== 'signed-in' || isSignIn || isRoot(address)) return null;
  return <Framed route={route} />;
};

/** The page of the address in the frame, or why there is none. */
const Framed = ({ route }: { readonly route: Route | undefined }) => {
  const { router, organization, unknownSite } = useApp();
  const { org, site, rest } = router.address.value;
  const shown = organization.value;
  const without = (reason: ComponentChildren) => <Frame route={undefined}>{reason}</Frame>;
  if (org !== null && shown === null) return without(<UnknownOrganization id={org} />);
  if (route === undefined) return without(<NotFound />);
  if (shown !== null && !isForOrganization(route, shown)) return without(<NoReports organization={shown} />);
  if (site !== null && unknownSite.value === siteKey(router.address.value))
    return without(<UnknownSite site={site} />);
  return (
    <Frame route={route}>
      <LazyPage key={`${org ?? ''} ${route.name}`} route={route} rest={rest} />
    </Frame>
  );
};

/** Where the address must lead instead; null: it is right. */
const wayOn = (state: SessionState, address: Address, route: Route | undefined): Address | string | null => {
  if (route?.isPublic === true) return null;
  const isSignIn = address.scope === 'nobody' && address.page === 'sign-in';
  if (state.kind === 'nobody' && !isSignIn) return signInAddress(address);
  if (state.kind !== 'signed-in' || state.isEnded) return null;
  if (isSignIn) return nextOf(address) ?? startOf(state, null);
  return isRoot(address) ? startOf(state, address.org) : null;
};

const isRoot = ({ page }: Address): boolean => page === '';

/** Sign-in that comes back to where one wanted to go. */
const signInAddress = (wanted: Address): string =>
  isRoot(wanted) && wanted.org === null
    ? '/app/sign-in'
    : `/app/sign-in?next=${encodeURIComponent(formatAddress(wanted))}`;

/** Where to go after signing in: only within the application. */
const nextOf = ({ extra }: Address): string | null => {
  const next = extra['next'] ?? '';
  return next.startsWith('/app/') && !next.startsWith('/app/sign-in') ? next : null;
};

/** Where one begins: in the organization of the address, else at home. */
const startOf = ({ home, organizations }: SignedIn, org: string | null): Address => {
  const organization = organizations.find(({ id }) => id === org) ?? home;
  return {
    org: org ?? organization.id,
    site: null,
    rest: [],
    view: DEFAULT_VIEW,
    extra: {},
    ...entranceOf(organization),
  };
};

const AGAIN_MS = 3_000;

/** While the server starts, or the network is away: tries again by itself. */
const Unreachable = () => {
  const { session } = useApp();
  const state = session.state.value;
  useEffect(() => {
    const timer = setInterval(() => void session.begin(), AGAIN_MS);
    return () => clearInterval(timer);
  }, [session]);
  return (
    <main>
      <EmptyState
        icon="warning"
        title="Rumbrella does not answer"
        actions={<Button onClick={() => void session.begin()}>Try again</Button>}
      >
        {state.kind === 'unreachable' && state.error.message}
      </EmptyState>
    </main>
  );
};
