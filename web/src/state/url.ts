import { VITAL_IDS, type VitalId } from '#vitals';
import { type Filter, formatFilter, parseFilter } from './filter.ts';
import { isMoment, type Moment } from './moment.ts';

/**
 * Every state of the application is an address, so that each view is a link and "back" works:
 *
 * `/app/o/<org>/s/<site>/<page>[/…]?…` pages about a site, site `-` = all sites
 * `/app/o/<org>/<page>[/…]`            pages of an organization
 * `/app/<page>[/…]`                    pages of nobody's (sign-in, help)
 *
 * Query: `from`, `to` (see moment.ts) · `f=dimension:op:A|B` (may be repeated) · `m` vital · `p` percentile · `e` engine ·
 * `nav` navigations · `cmp` compare · `i` step · `bots`. What is as by default is left out. Other names belong to the page (`extra`).
 */
export interface Address {
  readonly org: string | null;
  /** A host name; null: all sites. Of no meaning without `org`. */
  readonly site: string | null;
  readonly scope: Scope;
  readonly page: string;
  /** What follows the page's name in the path. */
  readonly rest: readonly string[];
  readonly view: View;
  /** The page's own parameters. */
  readonly extra: Readonly<Record<string, string>>;
}

/** What a page is about. */
export type Scope = 'site' | 'organization' | 'nobody';

/** What of the page views is looked at, and how. */
export interface View {
  readonly from: Moment;
  readonly to: Moment;
  readonly filters: readonly Filter[];
  readonly vital: VitalId;
  readonly percentile: (typeof PERCENTILES)[number];
  readonly engine: (typeof ENGINES)[number];
  readonly navigations: (typeof NAVIGATIONS)[number];
  readonly compare: Compare;
  readonly step: (typeof STEPS)[number];
  readonly bots: boolean;
}

/** With which other period: none, the one before, the same a year ago, or any two moments. */
export type Compare = 'none' | 'prev' | 'year' | { readonly from: Moment; readonly to: Moment };

export const PERCENTILES = [50, 75, 90, 95, 99] as const;
/** Engines as the dimension `engine` names them. */
export const ENGINES = ['Blink', 'WebKit', 'Gecko', 'all'] as const;
export const NAVIGATIONS = ['hard', 'soft', 'bfcache', 'all'] as const;
export const STEPS = ['auto', 'minute', 'hour', 'day', 'week'] as const;

/** Chromium alone measures CLS, so by default all vitals are of the same visitors. */
export const DEFAULT_VIEW: View = {
  from: '-28d',
  to: 'now',
  filters: [],
  vital: 'lcp',
  percentile: 75,
  engine: 'Blink',
  navigations: 'hard',
  compare: 'none',
  step: 'auto',
  bots: false,
};

/** Where the application lies. */
export const BASE = '/app';
const ALL_SITES = '-';
/** More filters than a person can read are cut off. */
const MOST_FILTERS = 20;

/** Reads an address; never fails: what cannot be read is as by default. */
export const parseAddress = (path: string, search: string): Address => {
  const parts = path
    .slice(BASE.length)
    .split('/')
    .filter((part) => part !== '')
    .map(decode);
  const { view, extra } = parseQuery(new URLSearchParams(search));
  return { ...parsePlace(parts), view, extra };
};

const parsePlace = (parts: readonly string[]): Pick<Address, 'org' | 'site' | 'scope' | 'page' | 'rest'> => {
  const [first, org, third, site, page, ...rest] = parts;
  if (first !== 'o' || org === undefined)
    return { org: null, site: null, scope: 'nobody', page: first ?? '', rest: parts.slice(1) };
  if (third !== 's' || site === undefined)
    return { org, site: null, scope: 'organization', page: third ?? '', rest: parts.slice(3) };
  return { org, site: site === ALL_SITES ? null : site, scope: 'site', page: page ?? '', rest };
};

const parseQuery = (query: URLSearchParams): Pick<Address, 'view' | 'extra'> => {
  const one = (name: string): string => query.get(name) ?? '';
  const from = one('from');
  const to = one('to');
  const view: View = {
    from: isMoment(from) ? from : DEFAULT_VIEW.from,
    to: isMoment(to) ? to : DEFAULT_VIEW.to,
    filters: query
      .getAll('f')
      .map(parseFilter)
      .filter((filter) => filter !== null)
      .slice(0, MOST_FILTERS),
    vital: among(VITAL_IDS, one('m')) ?? DEFAULT_VIEW.vital,
    percentile: among(PERCENTILES, Number(one('p'))) ?? DEFAULT_VIEW.percentile,
    engine: among(ENGINES, one('e')) ?? DEFAULT_VIEW.engine,
    navigations: among(NAVIGATIONS, one('nav')) ?? DEFAULT_VIEW.navigations,
    compare: parseCompare(one('cmp')),
    step: among(STEPS, one('i')) ?? DEFAULT_VIEW.step,
    bots: one('bots') === 'with',
  };
  const extra: Record<string, string> = {};
  for (const [name, value] of query) if (!OWN_NAMES.has(name)) extra[name] = value;
  return { view, extra };
};

const OWN_NAMES: ReadonlySet<string> = new Set([
  'from',
  'to',
  'f',
  'm',
  'p',
  'e',
  'nav',
  'cmp',
  'i',
  'bots',
  '__proto__',
]);

const parseCompare = (text: string): Compare => {
  if (text === 'prev' || text === 'year') return text;
  const [from = '', to = '', more] = text.split('..');
  return isMoment(from) && isMoment(to) && more === undefined ? { from, to } : DEFAULT_VIEW.compare;
};

/** Writes an address: path and query, without the host. */
export const formatAddress = (address: Address): string => {
  const { org, site, scope, page, rest, view, extra } = address;
  const place =
    scope === 'nobody' || org === null
      ? []
      : scope === 'organization'
        ? ['o', org]
        : ['o', org, 's', site ?? ALL_SITES];
  const path = [...place, page, ...rest].filter((part) => part !== '').map(encode);
  const query = [...viewParameters(view), ...Object.entries(extra)].map(
    ([name, value]) => `${encode(name)}=${encode(value)}`,
  );
  return `${BASE}/${path.join('/')}${query.length === 0 ? '' : `?${query.join('&')}`}`;
};

const viewParameters = (view: View): readonly (readonly [string, string])[] => {
  const parameters: [string, string][] = [];
  const add = (name: string, value: string, usual: string): void => {
    if (value !== usual) parameters.push([name, value]);
  };
  add('from', view.from, DEFAULT_VIEW.from);
  add('to', view.to, DEFAULT_VIEW.to);
  for (const filter of view.filters) parameters.push(['f', formatFilter(filter)]);
  add('m', view.vital, DEFAULT_VIEW.vital);
  add('p', String(view.percentile), String(DEFAULT_VIEW.percentile));
  add('e', view.engine, DEFAULT_VIEW.engine);
  add('nav', view.navigations, DEFAULT_VIEW.navigations);
  add('cmp', compareText(view.compare), 'none');
  add('i', view.step, DEFAULT_VIEW.step);
  add('bots', view.bots ? 'with' : 'without', 'without');
  return parameters;
};

const compareText = (compare: Compare): string =>
  typeof compare === 'string' ? compare : `${compare.from}..${compare.to}`;

const among = <Value>(values: readonly Value[], value: unknown): Value | undefined =>
  values.find((known) => known === value);

/** `:`, `/` and `,` may stand in a query and a path segment's `:` too; addresses are read by people. */
const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll('%3A', ':').replaceAll('%2C', ',');

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
