import { asNumber, asText, type JsurlValue, readBase36, readObjects } from '#encodings';
import { EVENT_NAMES } from './event-names.ts';

/** One slow event: its name, when it began (ms since navigation start) and how long it took until the next paint, ms. */
export interface SlowEvent {
  readonly name: string;
  readonly startTime: number;
  readonly duration: number;
  /** It belongs to an interaction, as INP counts them. */
  readonly isInteraction: boolean;
}

/** The same with all that the browser told of it. Texts are from outside. */
export interface SlowEventDetails {
  readonly name: string;
  /** ms since navigation. */
  readonly start: number;
  /** Until the next paint, ms in steps of 8. */
  readonly duration: number;
  /** How long its handlers took, ms. When they began is not told. */
  readonly processing: number;
  readonly isCancelable: boolean;
  /** The first input of the page: told once more, beside the event itself. */
  readonly isFirst: boolean;
  /** Events of one interaction have the same; null: of none. */
  readonly interaction: number | null;
  /** Selector of the element; empty: not told. */
  readonly target: string;
}

const MAX_TARGET = 512;

/** Reads `et.e`: the first `limit` events of 16 ms and more. Null when it cannot be read. */
export const readEventList = (text: string, limit: number): readonly SlowEvent[] | null =>
  readObjects(text, limit, (event) => ({
    name: nameOf(event),
    startTime: readBase36(asText(event.get('s'))),
    duration: readBase36(asText(event.get('d'))) || 0,
    isInteraction: event.has('i'),
  }));

/**
 * Reads `et.e` whole: `{n name by code, s start, d duration, p processing, c cancelable, fi first input, i interaction, t target}`, times and interaction in base 36. The
 * first `limit` events, without those that have no start; null when it cannot be read.
 */
export const readEventDetails = (text: string, limit: number): readonly SlowEventDetails[] | null =>
  readObjects(text, limit, (event) => {
    const start = timeOf(event, 's');
    if (!(start >= 0)) return null;
    const interaction = timeOf(event, 'i');
    return {
      name: nameOf(event).slice(0, MAX_TARGET),
      start,
      duration: Math.max(0, timeOf(event, 'd') || 0),
      processing: Math.max(0, timeOf(event, 'p') || 0),
      isCancelable: asNumber(event.get('c')) === 1,
      isFirst: asNumber(event.get('fi')) === 1,
      interaction: interaction > 0 ? interaction : null,
      target: asText(event.get('t')).slice(0, MAX_TARGET),
    };
  });

type EventMap = ReadonlyMap<string, JsurlValue>;

const timeOf = (event: EventMap, key: string): number => readBase36(asText(event.get(key)));

const nameOf = (event: EventMap): string => {
  const code = event.get('n');
  return EVENT_NAMES[asNumber(code)] ?? (typeof code === 'string' ? code : '');
};
