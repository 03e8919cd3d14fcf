/*
 * A page's own choices as texts of the address. What cannot be read is as usual, as everywhere in an address; what is as usual is left out.
 */

/** One of some words; otherwise the usual one. */
export const readChoice = <Value extends string>(
  text: string | undefined,
  usual: Value,
  known: readonly Value[],
): Value => known.find((value) => value === text) ?? usual;

/** A whole number within bounds; otherwise the usual one. */
export const readCount = (text: string | undefined, usual: number, most: number): number => {
  if (text === undefined || !/^\d{1,6}$/.test(text)) return usual;
  return Math.min(most, Math.max(1, Number(text)));
};

/** Names that came from outside, each percent-encoded by itself, `|` between them: `a|b%7Cc`; the empty name is `%`. */
export const readNames = (text: string | undefined): ReadonlySet<string> =>
  new Set(
    (text ?? '')
      .split('|')
      .filter((name) => name !== '')
      .slice(0, MOST_NAMES)
      .map(decodeName),
  );

/** The text that `readNames` reads; null for none. */
export const writeNames = (names: ReadonlySet<string>): string | null =>
  names.size === 0
    ? null
    : [...names].map((name) => (name === '' ? EMPTY : encodeURIComponent(name))).join('|');

/** Adds a name, or takes it away. */
export const toggled = (names: ReadonlySet<string>, name: string): ReadonlySet<string> => {
  const next = new Set(names);
  if (!next.delete(name)) next.add(name);
  return next;
};

/** By what something is ordered: `views` descending, `views:asc` ascending. */
export interface Ordering<By extends string> {
  readonly by: By;
  readonly direction: 'asc' | 'desc';
}

/** Reads an order by one of some columns. */
export const readOrdering = <By extends string>(
  text: string | undefined,
  usual: Ordering<By>,
  known: readonly By[],
): Ordering<By> => {
  const [name = '', direction = 'desc', more] = (text ?? '').split(':');
  const by = known.find((column) => column === name);
  if (by === undefined || more !== undefined || (direction !== 'asc' && direction !== 'desc')) return usual;
  return { by, direction };
};

/** The text that `readOrdering` reads. */
export const writeOrdering = ({ by, direction }: Ordering<string>): string =>
  direction === 'desc' ? by : `${by}:asc`;

/** More than anybody opens by hand. */
const MOST_NAMES = 100;
/** Nothing that `encodeURIComponent` gives. */
const EMPTY = '%';

const decodeName = (text: string): string => {
  if (text === EMPTY) return '';
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
