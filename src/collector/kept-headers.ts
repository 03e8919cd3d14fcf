/**
 * The request headers that are kept with a beacon; all others, cookies and authorization above all, never reach the disk.
 * `host` tells sites apart when a beacon names no page.
 */
const KEPT: readonly string[] = [
  'User-Agent',
  'Accept-Language',
  'Referer',
  'Origin',
  'Content-Type',
  'Host',
  'Sec-CH-UA',
  'Sec-CH-UA-Mobile',
  'Sec-CH-UA-Platform',
  'Sec-CH-UA-Platform-Version',
  'Sec-CH-UA-Full-Version-List',
  'Sec-CH-UA-Model',
  'Sec-CH-UA-Arch',
  'Sec-CH-UA-Bitness',
  'Sec-CH-UA-Form-Factors',
  'Sec-GPC',
  'DNT',
  'Save-Data',
  'Purpose',
  'Sec-Purpose',
];
/** Kept only when they come from a trusted proxy. */
const KEPT_OF_PROXIES: readonly string[] = ['CF-IPCountry', 'CF-IPCity'];

/** Longer values are cut. */
const MAX_VALUE_LENGTH = 4_096;
const LONGEST_NAME = Math.max(...[...KEPT, ...KEPT_OF_PROXIES].map((name) => name.length));

const NO_HEADERS: readonly (readonly [string, string])[] = [];

/** Spelling as it arrives → lower-case name. Holds the usual spellings, so that nothing has to be lower-cased for them. */
const spellings = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    names.flatMap((name) =>
      [name, name.toLowerCase(), titleCase(name)].map((spelling) => [spelling, name.toLowerCase()] as const),
    ),
  );

const titleCase = (name: string): string =>
  name.toLowerCase().replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase());

const FROM_ANYBODY = spellings(KEPT);
const FROM_PROXIES = spellings([...KEPT, ...KEPT_OF_PROXIES]);

/** Picks what is kept from Node's raw headers (name, value, name, value, …), in their order. */
export const keepHeaders = (
  raw: readonly string[],
  fromTrustedProxy: boolean,
): readonly (readonly [string, string])[] => {
  const names = fromTrustedProxy ? FROM_PROXIES : FROM_ANYBODY;
  let kept: (readonly [string, string])[] | null = null;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const written = raw[index] ?? '';
    if (written.length > LONGEST_NAME) continue;
    const name = names.get(written) ?? names.get(written.toLowerCase());
    if (name === undefined) continue;
    const value = raw[index + 1] ?? '';
    const pair = [name, value.length > MAX_VALUE_LENGTH ? value.slice(0, MAX_VALUE_LENGTH) : value] as const;
    if (kept === null) kept = [pair];
    else kept.push(pair);
  }
  return kept ?? NO_HEADERS;
};
