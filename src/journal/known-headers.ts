/**
 * Names of request headers that a record holds as one byte (place in this list + 1). Part of the format: names may be added
 * at the end, never moved or removed.
 */
export const KNOWN_HEADERS: readonly string[] = [
  'user-agent',
  'accept-language',
  'referer',
  'origin',
  'content-type',
  'host',
  'sec-ch-ua',
  'sec-ch-ua-mobile',
  'sec-ch-ua-platform',
  'sec-ch-ua-platform-version',
  'sec-ch-ua-full-version-list',
  'sec-ch-ua-model',
  'sec-ch-ua-arch',
  'sec-ch-ua-bitness',
  'sec-ch-ua-form-factors',
  'sec-gpc',
  'dnt',
  'cf-ipcountry',
  'cf-ipcity',
  'sec-fetch-site',
  'sec-fetch-mode',
  'sec-fetch-dest',
  'save-data',
  'purpose',
  'sec-purpose',
];

/** Name → its byte. */
export const KNOWN_HEADER_INDEX: ReadonlyMap<string, number> = new Map(
  KNOWN_HEADERS.map((name, index) => [name, index + 1]),
);
