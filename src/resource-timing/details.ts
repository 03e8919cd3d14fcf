import { readBase36 } from '#encodings';

/** What an entry of `restiming` says besides its times and sizes. Durations are ms, null when they are 0 or the browser does not tell. */
export interface FetchDetails {
  readonly redirect: number | null;
  readonly dns: number | null;
  /** TCP and TLS. */
  readonly connect: number | null;
  readonly tls: number | null;
  /** When the service worker began, ms since the start of the fetch. */
  readonly worker: number | null;
  /** `h2`, `h3`, `h1.1`, …; empty: not told, or from cache. Text from outside. */
  readonly protocol: string;
  /** async, defer, body (a script in the body); prefetch, preload, prerender, stylesheet. */
  readonly attributes: readonly string[];
  /** What the page itself noted about the fetch; names and values are text from outside. */
  readonly ownData: readonly OwnDatum[];
  /** `*3` of the entry, for `readServerTiming`; empty: none. */
  readonly serverTiming: string;
}

/** A note of the page. */
export interface OwnDatum {
  readonly name: string;
  readonly value: string;
}

/** The element that shows a resource: its size, and its place in the document, CSS pixels. */
export interface ResourceElement {
  readonly width: number;
  readonly height: number;
  readonly x: number;
  readonly y: number;
  /** Size of the picture itself when it is shown in another one; null: as large as shown, or not told. */
  readonly naturalWidth: number | null;
  readonly naturalHeight: number | null;
}

const MAX_LENGTH = 4_096;
const MAX_EXTRAS = 64;
const MAX_PROTOCOL = 32;
const MAX_OWN_DATA = 16;
const MAX_OWN_TEXT = 512;

/** Reads the entry that stands in `bytes` between these places (`ResourceEntry.from`, `.to`); of an entry above 4,096 bytes the first ones. */
export const readFetchDetails = (bytes: Buffer, from: number, to: number): FetchDetails => {
  const text = bytes.toString('utf8', from + 1, Math.min(to, from + MAX_LENGTH));
  // The page's own data come last, and are any text: `*5<name>:<value>*5…`.
  const ownAt = text.indexOf('*5');
  const [head = '', ...extras] = (ownAt === -1 ? text : text.slice(0, ownAt)).split('*', MAX_EXTRAS);
  const times = head.split(',', TIMES).map(base36);
  const extra = (code: string): string => extras.find((each) => each.startsWith(code))?.slice(1) ?? '';
  return {
    redirect: between(times, 10, 9),
    dns: between(times, 8, 7),
    connect: between(times, 6, 4),
    tls: times[5] === undefined || times[5] === 0 ? null : between(times, 5, 4),
    worker: base36(extra('6')) || null,
    protocol: extra('7').slice(0, MAX_PROTOCOL),
    attributes: [
      ...SCRIPT_FLAGS.filter((_, bit) => ((base36(extra('2')) >> bit) & 1) === 1),
      ...[LINK_RELATIONS[base36(extra('4'))]].flatMap((name) => name ?? []),
    ],
    ownData:
      ownAt === -1
        ? []
        : text
            .slice(ownAt + 2)
            .split('*5', MAX_OWN_DATA)
            .flatMap(ownDatum),
    serverTiming: extra('3'),
  };
};

/** Reads the element of a leaf (`*0<h>,<w>,<y>,<x>,<natural h>,<natural w>`, base 36), null when it tells of none. */
export const readElement = (bytes: Buffer, from: number, to: number): ResourceElement | null => {
  const [first = ''] = bytes.toString('utf8', from, Math.min(to, from + MAX_LENGTH)).split('|', 1);
  if (!first.startsWith('*0')) return null;
  const [height = 0, width = 0, y = 0, x = 0, naturalHeight = 0, naturalWidth = 0] = first
    .slice(2)
    .split(',', 6)
    .map(base36);
  return {
    width,
    height,
    x,
    y,
    naturalWidth: naturalWidth || null,
    naturalHeight: naturalHeight || null,
  };
};

const ownDatum = (text: string): readonly OwnDatum[] => {
  const colon = text.indexOf(':');
  if (colon < 1) return [];
  return [
    {
      name: text.slice(0, Math.min(colon, MAX_OWN_TEXT)),
      value: text.slice(colon + 1).slice(0, MAX_OWN_TEXT),
    },
  ];
};

/** Start, response end, response start, request start, connect end, TLS start, connect start, DNS end, DNS start, redirect end, redirect start. */
const TIMES = 11;
const SCRIPT_FLAGS = ['async', 'defer', 'body'];
const LINK_RELATIONS: readonly (string | undefined)[] = [
  undefined,
  'prefetch',
  'preload',
  'prerender',
  'stylesheet',
];

/** A number in base 36; 0 when it is empty or none. */
const base36 = (text: string): number => readBase36(text) || 0;

/** From one time of an entry to another one; null when the second is not told. */
const between = (times: readonly number[], start: number, end: number): number | null => {
  const ended = times[end] ?? 0;
  const began = times[start] ?? 0;
  return ended > began && began >= 0 ? ended - began : null;
};
