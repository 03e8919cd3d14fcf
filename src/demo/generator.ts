import { type Fields, formOf } from './generator/fields.ts';
import {
  bfcacheFields,
  earlyFields,
  errorFields,
  quitFields,
  quitInsteadOfLoad,
  spaFields,
  xhrFields,
} from './generator/later-beacons.ts';
import { loadFields } from './generator/load-beacon.ts';
import type { Random } from './generator/random.ts';
import { createVisit, type Site, type Visit } from './generator/visit.ts';

export { createRandom, type Random } from './generator/random.ts';
export type { Site } from './generator/visit.ts';

/** Kinds of beacons; `quit_only` is a quit beacon of a page that never loaded and so carries the load's data. */
export type GeneratedKind = 'load' | 'quit' | 'quit_only' | 'early' | 'spa' | 'bfcache' | 'error' | 'xhr';

/** A beacon as a browser would send it. */
export interface GeneratedBeacon {
  readonly kind: GeneratedKind;
  /** When it is sent, epoch ms. */
  readonly at: number;
  readonly method: 'GET' | 'POST';
  /** Without `?`. */
  readonly query: string;
  /** ASCII; empty for GET. */
  readonly body: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What to make. */
export interface BeaconWish extends Site {
  /** Epoch ms. */
  readonly at: number;
  readonly kind: GeneratedKind;
}

/** Makes one beacon of a made-up visit. Pure: the same state of `random` and the same wish give the same beacon. */
export const generateBeacon = (random: Random, { host, trace, at, kind }: BeaconWish): GeneratedBeacon => {
  const visit = createVisit(random, { host, trace }, at);
  return send(visit, kind, at, FIELDS[kind](random, visit, kind === 'load' ? 1 : 2));
};

/**
 * Makes the beacons of one page that somebody looked at, in order of sending: the load beacon first (at `at`, epoch ms), mostly a
 * quit beacon last, all with the same page and session. Some pages are left before they have loaded, some lose their quit beacon,
 * some are applications, come back from the cache, have errors; a few beacons are sent twice.
 */
export const generatePageView = (
  random: Random,
  { host, trace, at }: Site & { readonly at: number },
): readonly GeneratedBeacon[] => {
  const visit = createVisit(random, { host, trace }, at);
  if (random.chance(0.04)) return [send(visit, 'quit_only', at, quitInsteadOfLoad(random, visit))];
  const kinds: GeneratedKind[] = ['load'];
  if (random.chance(0.03)) kinds.unshift('early');
  if (random.chance(0.06)) kinds.push('spa', 'spa');
  if (random.chance(0.05)) kinds.push('xhr');
  if (random.chance(0.03)) kinds.push('error');
  if (random.chance(0.02)) kinds.push('bfcache');
  if (random.chance(0.93)) kinds.push('quit');

  let time = at;
  const beacons = kinds.map((kind, index) => {
    if (index > 0) time += random.skewed(9_000, 0.9);
    return send(visit, kind, time, FIELDS[kind](random, visit, index + 1));
  });
  const [first] = beacons;
  if (first !== undefined && random.chance(0.005)) beacons.push({ ...first, at: first.at + 40 });
  return beacons;
};

const FIELDS: Readonly<Record<GeneratedKind, (random: Random, visit: Visit, n: number) => Fields>> = {
  load: loadFields,
  quit: quitFields,
  quit_only: quitInsteadOfLoad,
  early: earlyFields,
  spa: spaFields,
  bfcache: bfcacheFields,
  error: errorFields,
  xhr: xhrFields,
};

const send = (visit: Visit, kind: GeneratedKind, at: number, fields: Fields): GeneratedBeacon => ({
  kind,
  at,
  method: 'POST',
  query: '',
  body: formOf(fields),
  headers: {
    'user-agent': visit.userAgent,
    'content-type': 'application/x-www-form-urlencoded',
    'accept-language': 'en-GB,en;q=0.9',
    origin: `https://${visit.site.host}`,
    referer: `https://${visit.site.host}/`,
  },
});
