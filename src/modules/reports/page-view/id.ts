/**
 * Names one page view of a tenant: the second in which it began, and the hash of its key. Nothing in it says where to look: it is looked for
 * among the page views of the tenant that asks, and the id of another tenant's page view is found nowhere.
 */
export interface PageViewId {
  /** `started_at`, epoch seconds. */
  readonly second: number;
  /** `view` of the roll-up, UInt64. */
  readonly hash: bigint;
}

/** Writes an id: letters, digits and a dash. `hash`: decimal, as the warehouse gives it. */
export const writePageViewId = (second: number, hash: string): string =>
  `${second.toString(36)}-${BigInt(hash).toString(36)}`;

const FORM = /^([0-9a-z]{1,7})-([0-9a-z]{1,13})$/;
const MAX_HASH = 2n ** 64n - 1n;
const MAX_SECOND = 2 ** 32 - 1;

/** Reads an id; null when the text is none. */
export const readPageViewId = (text: string): PageViewId | null => {
  const [, started = '', hashed = ''] = FORM.exec(text) ?? [];
  if (started === '') return null;
  const second = Number.parseInt(started, 36);
  let hash = 0n;
  for (const digit of hashed) hash = hash * 36n + BigInt(Number.parseInt(digit, 36));
  return second <= MAX_SECOND && hash <= MAX_HASH ? { second, hash } : null;
};
