/** A day as forms and the users map write it, in UTC. */
export const dayText = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

/** The last day of something that ends at `expiresAt` (the first instant that is over); '' without an end. */
export const lastDay = (expiresAt: string | null): string =>
  expiresAt === null ? '' : dayText(Date.parse(expiresAt) - 1);

/** The same day a year later than a day, or than today when that is past. */
export const yearLater = (day: string, now: number): string => {
  const from = new Date(Math.max(day === '' ? now : Date.parse(day), now));
  return dayText(Date.UTC(from.getUTCFullYear() + 1, from.getUTCMonth(), from.getUTCDate()));
};

/** Texts of one field with commas or line breaks between them. */
export const listOf = (text: string): readonly string[] =>
  text
    .split(/[\s,]+/)
    .map((part) => part.trim())
    .filter((part) => part !== '');
