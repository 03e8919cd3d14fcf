import { asList, asMap, asNumber, asText, type JsurlValue, readObjects } from '#encodings';

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

/** An error as Boomerang writes it. */
export type ErrorMap = ReadonlyMap<string, JsurlValue>;

/**
 * Reads `err`: a list of `{n count, m message, t type, f frames [{w file or wo file without origin, l line, c column}]}`; what is
 * left out has its default (once, type `Error`). The first `limit` errors; null when it cannot be read.
 */
export const readErrorList = (text: string, limit: number): readonly PageError[] | null =>
  readObjects(text, limit, errorOf);

/** What is read of each error, wherever it is read. */
export const errorOf = (error: ErrorMap): PageError => {
  const count = asNumber(error.get('n'));
  return {
    count: count >= 1 && count <= 1_000_000 ? Math.floor(count) : 1,
    message: asText(error.get('m')),
    type: asText(error.get('t')) || 'Error',
    ...placeOf(asMap(asList(error.get('f'))[0])),
  };
};

/** Where a frame stands. */
export const placeOf = (frame: ErrorMap | undefined): Pick<PageError, 'file' | 'line' | 'column'> => ({
  file: asText(frame?.get('w')) || asText(frame?.get('wo')),
  line: wholeOrNull(asNumber(frame?.get('l'))),
  column: wholeOrNull(asNumber(frame?.get('c'))),
});

const wholeOrNull = (value: number): number | null =>
  value >= 0 && value <= 1_000_000_000 ? Math.floor(value) : null;
