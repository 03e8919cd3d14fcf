import { EVENT_COLUMNS } from '#warehouse';

/** A beacon as a row of the events table, by column, as the warehouse gives it in JSON. */
export type BeaconRow = Readonly<Record<string, unknown>>;

/** A longer value is cut. */
const MAX_VALUE = 4_096;

/** Shown elsewhere in the answer, or of no use to who looks at a page view. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  'journal_segment',
  'journal_offset',
  'batch_id',
  'brum_trace',
]);

/** Maps whose keys were parameters of the beacon, with what stood in front of the key there. */
const PREFIXES: ReadonlyMap<string, string> = new Map([
  ['other', ''],
  ['dimensions', 'cdim.'],
  ['custom_metrics', 'cmet.'],
  ['timers', 'ctim.'],
]);

/**
 * What is stored of a beacon, name and text, without what is empty: columns by their name in the order of the table, then what the
 * page sent besides, by its own name. An own name that is also a column's yields to the column.
 */
export const parametersOf = (row: BeaconRow): Readonly<Record<string, string>> => {
  const found = new Map<string, string>();
  const put = (name: string, value: unknown): void => {
    const text = textOf(value);
    if (text !== '' && !found.has(name)) found.set(name, text);
  };
  for (const { name } of EVENT_COLUMNS) if (!LEFT_OUT.has(name) && !PREFIXES.has(name)) put(name, row[name]);
  for (const [column, prefix] of PREFIXES)
    for (const [key, value] of Object.entries(row[column] ?? {})) put(`${prefix}${key}`, value);
  // Names come from outside: `__proto__` must become a member like any other.
  return Object.fromEntries(found);
};

const textOf = (value: unknown): string => {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.length === 0 ? '' : cut(value.map(String).join(', '));
  return typeof value === 'object'
    ? cut(JSON.stringify(value))
    : cut(`${value as string | number | boolean}`);
};

const cut = (text: string): string => (text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text);
