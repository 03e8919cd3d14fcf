import { asJson, asList, asMap, asNumber, asText, readBase36, readObjects } from '#encodings';
import { type ErrorMap, errorOf, placeOf } from './error-list.ts';

/** One JavaScript error with all that Boomerang tells of it. Texts are from outside. */
export interface ErrorDetails {
  /** How often it happened. */
  readonly count: number;
  readonly message: string;
  /** `Error`, `TypeError`, … */
  readonly type: string;
  /** When it happened last, epoch ms by the visitor's clock; null: not told. */
  readonly time: number | null;
  /** What caught it: app, global, network, console, event-handler, timeout, rejection, reporting, or unknown. */
  readonly via: string;
  /** Whose error it is: the page's (app) or Boomerang's (boomerang). */
  readonly source: string;
  /** Status of a request that failed; null for other errors. */
  readonly code: number | null;
  /** The stack, innermost frame first; empty: not told. */
  readonly frames: readonly StackFrame[];
  /** What happened before it, as far as the page told Boomerang. */
  readonly events: readonly ErrorEvent[];
  /** Whatever the page added, as text or JSON; empty: nothing. */
  readonly extra: string;
}

/** One frame of a stack. */
export interface StackFrame {
  /** Empty: none, or not told. */
  readonly function: string;
  /** Address; relative to the page's origin when it begins with `/`. Empty: not told. */
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

/** Something before an error. Texts are empty where they do not apply or are not told. */
export interface ErrorEvent {
  /** click, network, log, or unknown. */
  readonly kind: string;
  /** How long before the error, ms; null: not told. */
  readonly before: number | null;
  /** Of a click: the element's tag, id and name. */
  readonly tag: string;
  readonly id: string;
  readonly name: string;
  /** Of a request. */
  readonly method: string;
  readonly url: string;
  readonly result: string;
  /** Of a line in the log. */
  readonly severity: string;
  readonly message: string;
}

const VIA = [
  'unknown',
  'app',
  'global',
  'network',
  'console',
  'event-handler',
  'timeout',
  'rejection',
  'reporting',
] as const;
const SOURCES = ['unknown', 'app', 'boomerang'] as const;
const EVENT_KINDS = ['unknown', 'click', 'network', 'log'] as const;

/** Boomerang cuts a stack at 5,000 characters, which is fewer frames. */
const MAX_FRAMES = 200;
const MAX_EVENTS = 100;
const MAX_TEXT = 4_096;
const MAX_TIME = 8.64e15;

/**
 * Reads `err` whole: `{m message, t type, n count, d time (base 36), v via, s source, c code, x extra, f frames [{f function, w file or wo file without origin, l line,
 * c column}], e events [{t kind, d ms before the error, …}]}`; what is left out has its default. The first `limit` errors; null when it cannot be read.
 */
export const readErrorDetails = (text: string, limit: number): readonly ErrorDetails[] | null =>
  readObjects(text, limit, detailsOf);

const detailsOf = (error: ErrorMap): ErrorDetails => {
  const { count, message, type } = errorOf(error);
  const time = readBase36(asText(error.get('d')));
  const isTold = time >= 0 && time <= MAX_TIME;
  const code = asNumber(error.get('c'));
  return {
    count,
    message: cut(message),
    type: cut(type),
    time: isTold ? time : null,
    via: error.has('v') ? nameIn(VIA, error, 'v') : 'app',
    source: error.has('s') ? nameIn(SOURCES, error, 's') : 'app',
    code: Number.isSafeInteger(code) ? code : null,
    frames: mapsOf(error, 'f', MAX_FRAMES).map(frameOf),
    events: mapsOf(error, 'e', MAX_EVENTS).map((event) => eventOf(event, isTold)),
    extra: cut(asJson(error.get('x'))),
  };
};

const frameOf = (frame: ErrorMap): StackFrame => {
  const place = placeOf(frame);
  return { function: textOf(frame, 'f'), ...place, file: cut(place.file) };
};

/** An event of an error without a time has its own time where the distance would be; that says nothing here. */
const eventOf = (event: ErrorMap, isTimed: boolean): ErrorEvent => {
  const kind = nameIn(EVENT_KINDS, event, 't');
  const before = asNumber(event.get('d'));
  const of = (which: string, key: string): string => (kind === which ? textOf(event, key) : '');
  return {
    kind,
    before: isTimed && Math.abs(before) <= MAX_TIME ? before : null,
    tag: of('click', 'g'),
    id: of('click', 'i'),
    name: of('click', 'n'),
    method: of('network', 'm'),
    url: of('network', 'u'),
    result: of('network', 'r'),
    severity: of('log', 's'),
    message: of('log', 'm'),
  };
};

const mapsOf = (error: ErrorMap, key: string, limit: number): readonly ErrorMap[] =>
  asList(error.get(key))
    .slice(0, limit)
    .flatMap((item) => asMap(item) ?? []);

const nameIn = (names: readonly string[], map: ErrorMap, key: string): string =>
  names[asNumber(map.get(key))] ?? 'unknown';

const textOf = (map: ErrorMap, key: string): string => cut(asText(map.get(key)));
const cut = (text: string): string => text.slice(0, MAX_TEXT);
