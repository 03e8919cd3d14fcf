import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Client, createClient } from '../api/client.ts';
import type { Organization } from '../api/session.ts';
import { type Access, createAccess } from './access.ts';
import { createKeys, type Keys } from './keys.ts';
import { createRouter, type Router } from './router.ts';
import { createSession, type Session } from './session.ts';
import { createStorage, type Storage } from './storage.ts';
import { createTheme, type Theme } from './theme.ts';
import { createToasts, type Toasts } from './toasts.ts';
import { createTurns, type Turns } from './turns.ts';
import type { Address } from './url.ts';

/** So long a request keeps those of later turns waiting at most. */
const PATIENCE_MS = 3_000;

/** What all of the application shares. */
export interface AppState {
  readonly client: Client;
  readonly router: Router;
  readonly session: Session;
  readonly access: Access;
  readonly keys: Keys;
  readonly theme: Theme;
  readonly toasts: Toasts;
  readonly storage: Storage;
  /** In which order requests go out. */
  readonly turns: Turns;
  /** The organization of the address, if the caller may act for it. */
  readonly organization: ReadonlySignal<Organization | null>;
  /** How many of the answers that are on the page hold page views that were made for the demo. */
  readonly generated: Signal<number>;
  /** The site (`siteKey`) of which a report said that the organization has none such; null: none was. */
  readonly unknownSite: Signal<string | null>;
  /** What "now" is in periods, to the minute; stands still while somebody looks, so that charts of a page are of one moment. */
  readonly now: ReadonlySignal<number>;
  /** Asks for everything again, as of this minute. */
  refresh(): void;
}

const MINUTE = 60_000;
/** After so long away, a page that is looked at again is brought up to date. */
const OLD_MS = 5 * MINUTE;

/** Creates the state of the application in a window. */
export const createAppState = (page: Window): AppState => {
  const storage = createStorage(page);
  const router = createRouter(page);
  const client: Client = createClient({
    fetch: (input, init) => page.fetch(input, init),
    now: () => Date.now(),
    home: () => storage.read('tenant'),
    onSessionEnded: () => session.ended(),
    // Browsers have locks on trustworthy origins only.
    alone: (work) =>
      'locks' in page.navigator ? page.navigator.locks.request('rumbrella-session', work) : work(),
    renewedAt: {
      read: () => Number(storage.read('renewed') ?? 0),
      write: (at) => storage.write('renewed', String(at)),
    },
  });
  const session: Session = createSession(client, storage);
  const minute = (): number => Math.ceil(Date.now() / MINUTE) * MINUTE;
  const now = signal(minute());
  const unknownSite = signal<string | null>(null);
  const refresh = (): void => {
    client.forget();
    unknownSite.value = null;
    now.value = minute();
  };
  page.document.addEventListener('visibilitychange', () => {
    if (page.document.visibilityState === 'visible' && Date.now() - now.value > OLD_MS) refresh();
  });
  const organization = computed(() => {
    const state = session.state.value;
    if (state.kind !== 'signed-in') return null;
    return state.organizations.find(({ id }) => id === router.address.value.org) ?? null;
  });
  /** On pages of nobody's (one's account, the help) the navigation is that of the home. */
  const shown = computed(() => {
    const state = session.state.value;
    return organization.value ?? (state.kind === 'signed-in' ? state.home : null);
  });
  return {
    client,
    router,
    session,
    access: createAccess(client, shown),
    keys: createKeys(page, storage),
    theme: createTheme(page, storage),
    toasts: createToasts(),
    storage,
    turns: createTurns(
      (run) => page.setTimeout(run),
      (run) => page.setTimeout(run, PATIENCE_MS),
    ),
    organization,
    generated: signal(0),
    unknownSite,
    now,
    refresh,
  };
};

/** A site of an organization, as one text. */
export const siteKey = ({ org, site }: Pick<Address, 'org' | 'site'>): string => `${org ?? ''} ${site ?? ''}`;

const Context = createContext<AppState | null>(null);

/** Hands the state to everything below. */
export const AppProvider = Context.Provider;

/** The state of the application. */
export const useApp = (): AppState => {
  const state = useContext(Context);
  if (state === null) throw new Error('useApp is for components below AppProvider');
  return state;
};
