import { type ReadonlySignal, signal } from '@preact/signals';
import { type Address, BASE, formatAddress, parseAddress, type View } from './url.ts';

/** The address of the window as a signal, and the ways to change it. */
export interface Router {
  readonly address: ReadonlySignal<Address>;
  /** Counts moves to another page (not other states of the same page), for the focus. */
  readonly moves: ReadonlySignal<number>;
  /** Site and view of the last page about a site, for the way back from a page that is about none. */
  readonly seen: ReadonlySignal<Pick<Address, 'org' | 'site' | 'view'>>;
  /** Goes to an address; `replace` leaves no entry for "back". */
  go(to: Address | string, options?: { readonly replace?: boolean }): void;
  /** Changes some of the view of the current page. */
  setView(change: Partial<View>, options?: { readonly replace?: boolean }): void;
  /** Sets parameters of the page's own; null takes one away. */
  setExtra(change: Readonly<Record<string, string | null>>, options?: { readonly replace?: boolean }): void;
  stop(): void;
}

/** Follows the window's address, and links that are clicked. */
export const createRouter = (page: Window): Router => {
  const read = (): Address => parseAddress(page.location.pathname, page.location.search);
  const address = signal(read());
  const moves = signal(0);
  const seen = signal<Pick<Address, 'org' | 'site' | 'view'>>(address.value);

  const arrive = (): void => {
    const before = placeOf(address.value);
    const next = read();
    address.value = next;
    if (next.scope === 'site') seen.value = next;
    if (placeOf(next) === before) return;
    moves.value += 1;
  };
  const go: Router['go'] = (to, { replace = false } = {}) => {
    const href = typeof to === 'string' ? to : formatAddress(to);
    if (href === page.location.pathname + page.location.search) return;
    const isOtherPage = placeOf(parse(page, href)) !== placeOf(address.value);
    if (replace) page.history.replaceState(null, '', href);
    else page.history.pushState(null, '', href);
    if (isOtherPage) page.scrollTo(0, 0);
    arrive();
  };
  const onClick = (event: MouseEvent): void => {
    const href = linkOf(page, event);
    if (href === null) return;
    event.preventDefault();
    go(href);
  };
  page.addEventListener('popstate', arrive);
  page.document.addEventListener('click', onClick);

  return {
    address,
    moves,
    seen,
    go,
    setView: (change, options) =>
      go({ ...address.value, view: { ...address.value.view, ...change } }, options),
    setExtra: (change, options) => {
      const extra: Record<string, string> = {};
      for (const [name, value] of Object.entries({ ...address.value.extra, ...change }))
        if (value !== null) extra[name] = value;
      go({ ...address.value, extra }, options);
    },
    stop: () => {
      page.removeEventListener('popstate', arrive);
      page.document.removeEventListener('click', onClick);
    },
  };
};

const parse = (page: Window, href: string): Address => {
  const url = new URL(href, page.location.origin);
  return parseAddress(url.pathname, url.search);
};

const placeOf = ({ org, site, scope, page, rest }: Address): string =>
  JSON.stringify([scope, org, site, page, rest]);

/** Where a click leads within the application; null: the browser's own business. */
const linkOf = (page: Window, event: MouseEvent): string | null => {
  if (event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  const anchor = (event.target as Element | null)?.closest('a');
  if (anchor === null || anchor === undefined || anchor.target !== '' || anchor.hasAttribute('download'))
    return null;
  if (anchor.origin !== page.location.origin || !anchor.pathname.startsWith(`${BASE}/`)) return null;
  if (anchor.hash !== '') return null;
  return anchor.pathname + anchor.search;
};
