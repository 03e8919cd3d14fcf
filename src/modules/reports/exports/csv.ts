import type { ExportRow, TableColumns } from '../report.ts';

/**
 * Rows as CSV after RFC 4180: a header, commas, CRLF, cells in quotes where they need it; null is an empty cell. Texts come from visitors'
 * browsers, so one that a spreadsheet would take for a formula gets an apostrophe in front
 * (https://owasp.org/www-community/attacks/CSV_Injection); numbers stay numbers.
 */
export const writeCsv = (columns: TableColumns, rows: readonly ExportRow[]): string => {
  const names = Object.keys(columns);
  const lines = [names, ...rows.map((row) => names.map((name) => row[name] ?? null))];
  return lines.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
};

const cellText = (value: string | number | boolean | null): string => {
  if (value === null) return '';
  if (typeof value !== 'string') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** What a formula begins with, after blanks; also in full width, as spreadsheets in East Asia take it. */
const FORMULA = /^[\s\0]*[=+\-@＝＋－＠]|^[\t\r\n]/;
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;
