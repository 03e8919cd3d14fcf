const DAY_MS = 86_400_000;

/** What an expiry looks like, for messages. */
export const EXPIRE_SHAPE =
  'a day such as 2027-12-25 (valid through its end, UTC) or an instant such as 2027-12-25T18:00:00Z';

/**
 * Reads an expiry: `2027-12-25` means the end of that day in UTC, `2027-12-25T18:00:00Z` (or with an offset, seconds and
 * fractions optional) that instant.
 * @returns the first instant (epoch ms) that is expired, or null when the text is neither or no such day exists
 */
export const parseExpire = (text: string): number | null => {
  const day = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (day !== null) {
    const start = Date.parse(`${text}T00:00:00Z`);
    return isRealDay(text) && Number.isFinite(start) ? start + DAY_MS : null;
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return null;
  const instant = Date.parse(text);
  return isRealDay(text.slice(0, 10)) && Number.isFinite(instant) ? instant : null;
};

/** `Date.parse` reads 2027-02-30 as March 2nd; a day is real when it comes back as it went in. */
const isRealDay = (text: string): boolean => {
  const at = Date.parse(`${text}T00:00:00Z`);
  return Number.isFinite(at) && new Date(at).toISOString().slice(0, 10) === text;
};
