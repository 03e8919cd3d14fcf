import { type PageError, readErrorList } from '#page-errors';
import { cleanText } from '../decode/text.ts';
import { hostAndPath } from '../enrich/page-address.ts';
import type { BeaconFacts } from './beacon-facts.ts';
import type { DraftRow } from './draft-row.ts';

const MAX_RAW_LENGTH = 131_072;
const MAX_ERRORS = 50;
const MAX_MESSAGE = 512;
const MAX_MESSAGES = 10;
const LABEL = 64;
const ERROR_NUMBER = /^-?[0-9]{1,6}$/;

/** JavaScript errors of the page, Boomerang's own, and failed requests. */
export const fillErrors = (row: DraftRow, { parameters, address }: BeaconFacts): void => {
  row.boomerang_errors = parameters.text('errors', MAX_MESSAGE);
  row.http_method = parameters.text('http.method', LABEL);
  const failure = parameters.text('http.errno', 16);
  if (ERROR_NUMBER.test(failure)) row.http_error = Number(failure);
  else if (failure !== '') parameters.reject('http.errno');

  const list = parameters.whole('err', MAX_RAW_LENGTH);
  if (list === '' || list === null) return;
  const errors = readErrorList(list, MAX_ERRORS);
  if (errors === null) return parameters.reject('err');
  row.error_count = Math.min(
    errors.reduce((sum, { count }) => sum + count, 0),
    1_000_000,
  );
  const messages = errors.slice(0, MAX_MESSAGES).map(({ message }) => cleanText(message, MAX_MESSAGE));
  row.error_messages = messages;
  const [first] = errors;
  if (first === undefined) return;
  row.error_message = messages[0] ?? '';
  row.error_type = cleanText(first.type, LABEL);
  row.error_file = fileOf(first, address.hostname);
  row.error_line = first.line;
  row.error_column = first.column;
};

/** Host and path; files of the page's own origin are sent without it. */
const fileOf = ({ file }: PageError, hostname: string): string => {
  if (file === '') return '';
  const path = file.startsWith('/') && !file.startsWith('//') ? `http://${hostname}${file}` : file;
  return hostAndPath(path, MAX_MESSAGE);
};
