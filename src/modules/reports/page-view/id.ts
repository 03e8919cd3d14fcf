/**
 * Names one page view of a tenant: when it began, and a hash of (host name, session, page). Nothing in it says where to look: it is looked for
 * in the tables of the tenant that asks, and the id of another tenant's page view is found nowhere.
 */
export interface PageViewId {
  /** `started_at`, epoch ms. */
  readonly startedAt: number;
  /** `PAGE_VIEW_HASH`, UInt64. */
  readonly hash: bigint;
}

/** The hash in an id as SQL, over beacons or page views. */
export const PAGE_VIEW_HASH = 'cityHash64(hostname, session_id, page_id)';

/** Writes an id: letters, digits and a dash. `hash`: decimal, as the warehouse gives it. */
export const writePageViewId = (startedAt: number, hash: string): string =>
  `${startedAt.toString(36)}-${BigInt(hash).toString(36)}`;

const FORM = /^([0-9a-z]{1,9})-([0-9a-z]{1,13})$/;
const MAX_HASH = 2n ** 64n - 1n;
/** The warehouse's DateTime64 ends in 2299. */
const MAX_STARTED_AT = Date.UTC(2299, 11, 31);

/** Reads an id; null when the text is none. */
export const readPageViewId = (text: string): PageViewId | null => {
  const [, started = '', hashed = ''] = FORM.exec(text) ?? [];
  if (started === '') return null;
  const startedAt = Number.parseInt(started, 36);
  let hash = 0n;
  for (const digit of hashed) hash = hash * 36n + BigInt(Number.parseInt(digit, 36));
  return startedAt <= MAX_STARTED_AT && hash <= MAX_HASH ? { startedAt, hash } : null;
};
