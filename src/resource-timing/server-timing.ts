import { asText, decodeObject, type JsurlValue } from '#encodings';

/** One metric of a `Server-Timing` header. Name and description are text from outside. */
export interface ServerTiming {
  readonly name: string;
  /** ms as the server says; 0 when it says none. */
  readonly duration: number;
  /** Empty: none. */
  readonly description: string;
}

/** The metrics that a beacon names, each with its descriptions; entries refer to them by their places. */
export type ServerTimingNames = readonly (readonly string[])[];

const MAX_NAMES = 1_000;
const MAX_TEXT = 256;

/**
 * Reads `servertiming`: `[metric without descriptions, [metric, description, …], …]`, JSURL or JSON. The first 1,000 metrics and descriptions of
 * each; null when it cannot be read.
 */
export const readServerTimingNames = (text: string): ServerTimingNames | null => {
  const list = decodeObject(text);
  return Array.isArray(list) ? (list as readonly JsurlValue[]).slice(0, MAX_NAMES).map(namesOf) : null;
};

const namesOf = (item: JsurlValue): readonly string[] =>
  (Array.isArray(item) ? (item as readonly JsurlValue[]).slice(0, MAX_NAMES) : [item]).map((each) =>
    asText(each).slice(0, MAX_TEXT),
  );

/**
 * Reads what an entry of `restiming` says of server timing (`*3`): `<ms>:<metric>.<description>,…`, where places that are 0 are left out. The
 * first `limit` metrics, without those that have no name or no number.
 */
export const readServerTiming = (
  text: string,
  names: ServerTimingNames,
  limit: number,
): readonly ServerTiming[] =>
  text === ''
    ? []
    : text.split(',', limit).flatMap((entry) => {
        const [, digits = '', metric = '0', description = '0'] = ENTRY.exec(entry) ?? [];
        const duration = Number(digits);
        const named = names[Number(metric)];
        const name = named?.[0] ?? '';
        if (digits === '' || !Number.isFinite(duration) || name === '') return [];
        return [{ name, duration, description: named?.[1 + Number(description)] ?? '' }];
      });

/** `12.5`, `.5:3`, `0:.2`, `1e-7:3.2`. */
const ENTRY = /^([0-9]*\.?[0-9]*(?:e[+-]?[0-9]{1,3})?)(?::([0-9]{1,4})?(?:\.([0-9]{1,4}))?)?$/;
