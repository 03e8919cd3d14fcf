import { asList, asMap, asNumber, asText, decodeObject } from '#encodings';

/** One JavaScript error of a page. Texts are as sent. */
export interface PageError {
  /** How often it happened. */
  readonly count: number;
  readonly message: string;
  readonly type: string;
  /** Address of the file; relative to the page's origin when it begins with `/`. Empty: not known. */
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
}

const MAX_ERRORS = 50;

/**
 * Reads `err`: a list of `{n count, m message, t type, f frames [{w file or wo file without origin, l line, c column}]}`; what is
 * left out has its default (once, type `Error`). Null when it cannot be read.
 */
export const readErrorList = (text: string): readonly PageError[] | null => {
  const list = decodeObject(text);
  if (!Array.isArray(list)) return null;
  return asList(list)
    .slice(0, MAX_ERRORS)
    .flatMap((item) => {
      const error = asMap(item);
      if (error === undefined) return [];
      const frame = asMap(asList(error.get('f'))[0]);
      const count = asNumber(error.get('n'));
      return [
        {
          count: count >= 1 && count <= 1_000_000 ? Math.floor(count) : 1,
          message: asText(error.get('m')),
          type: asText(error.get('t')) || 'Error',
          file: asText(frame?.get('w')) || asText(frame?.get('wo')),
          line: wholeOrNull(asNumber(frame?.get('l'))),
          column: wholeOrNull(asNumber(frame?.get('c'))),
        },
      ];
    });
};

const wholeOrNull = (value: number): number | null =>
  value >= 0 && value <= 1_000_000_000 ? Math.floor(value) : null;
