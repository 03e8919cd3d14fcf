import { AppError } from '#core';
import { columnText, EVENT_TABLE_SETTINGS } from './event-table.ts';
import { quoteIdentifier } from './identifier.ts';
import { alteredNames, type Layout, onCluster, storedName } from './layout.ts';
import type { ExistingTable } from './migrations/migration.ts';
import { type Column, type ColumnType, EVENT_COLUMNS, type EventColumnName } from './schema.ts';

/**
 * The statements that turn an existing events table into ours: missing columns are added, narrow types widened, durability
 * settings set; keys and every row stay. None when nothing is missing, so it is also what repairs a table that somebody altered.
 * Throws `WAREHOUSE_ADOPTION_REFUSED` when a column has a type that cannot become ours without loss.
 */
export const adoptEventTable = (
  layout: Layout,
  name: string,
  table: ExistingTable,
  through: number,
): readonly string[] => {
  if (!table.engine.includes('MergeTree') && table.engine !== 'Distributed')
    throw refusal(table.name, `the table has the engine ${table.engine}`, 'a table of the MergeTree family');
  const existing = new Map(table.columns.map((column) => [column.name, column]));
  const changes: string[] = [];
  for (const column of EVENT_COLUMNS) {
    if (column.since > through) continue;
    const found = existing.get(column.name);
    if (found === undefined)
      changes.push(`ADD COLUMN IF NOT EXISTS ${columnText(column, legacyDefault(column.name))}`);
    else if (found.type !== column.type && !(found.inKey && isSameFamily(found.type, column.type)))
      changes.push(widening(table.name, found.type, found.inKey, column));
  }
  const settings = Object.entries(EVENT_TABLE_SETTINGS).filter(
    ([key, value]) => !table.engineFull.includes(`${key} = ${value}`),
  );
  return [
    ...(changes.length === 0
      ? []
      : alteredNames(layout, name).map(
          (altered) => `ALTER TABLE ${quoteIdentifier(altered)}${onCluster(layout)} ${changes.join(', ')}`,
        )),
    ...(settings.length === 0
      ? []
      : [
          `ALTER TABLE ${quoteIdentifier(storedName(layout, name))}${onCluster(layout)} MODIFY SETTING ${settings
            .map(([key, value]) => `${key} = ${value}`)
            .join(', ')}`,
        ]),
  ];
};

/**
 * What rows that were stored without a column show in it, where the type's own default would be wrong: a row of
 * front_basicrum_go was received when it was created, and its `visit_page` is a page view.
 */
const LEGACY_DEFAULTS: ReadonlyMap<EventColumnName, string> = new Map<EventColumnName, string>([
  ['received_at', "toDateTime64(created_at, 3, 'UTC')"],
  ['is_page_view', "event_type = 'visit_page'"],
  ['url_path', 'path(url)'],
  ['url_query', 'queryString(url)'],
  ['is_bot', "device_type = 'bot'"],
]);

const legacyDefault = (name: EventColumnName): string => LEGACY_DEFAULTS.get(name) ?? '';

const widening = (table: string, from: string, inKey: boolean, column: Column): string => {
  if (inKey)
    throw refusal(
      table,
      `column ${column.name} is part of a key and has the type ${from}`,
      `${column.type}, and types of key columns cannot be changed`,
    );
  if (!canBecome(from, column.type))
    throw refusal(table, `column ${column.name} has the type ${from}`, `${column.type} or a narrower type`);
  // NULL has to become something when the wider type has none; ClickHouse asks for it to be said.
  const fill = isNullable(from) && !isNullable(column.type) ? neutralValue(column.type) : '';
  return `MODIFY COLUMN ${columnText(column, fill)}`;
};

const refusal = (table: string, found: string, expected: string): AppError =>
  new AppError('WAREHOUSE_ADOPTION_REFUSED', `adopting table ${table}: ${found}, expected ${expected}`, {
    hint: 'rename that table or convert the column by hand; beacons of this tenant wait in the journal meanwhile',
  });

/** Does every value of a type have its place in another type? NULL text may become empty text; nothing else may lose NULL. */
export const canBecome = (from: string, to: ColumnType): boolean => {
  const source = baseOf(from);
  const target = baseOf(to);
  const sameOrWider = source === target || (WIDER.get(source)?.includes(target) ?? false);
  return sameOrWider && (!isNullable(from) || isNullable(to) || target === 'String');
};

const WIDER: ReadonlyMap<string, readonly string[]> = new Map([
  ['UInt8', ['UInt16', 'UInt32', 'UInt64', 'Int32', 'Float32', 'Float64', 'Bool']],
  ['UInt16', ['UInt32', 'UInt64', 'Int32', 'Float32', 'Float64']],
  ['UInt32', ['UInt64', 'Float64']],
  ['Int8', ['Int32']],
  ['Int16', ['Int32']],
  ['Float32', ['Float64']],
  ['FixedString', ['String']],
  ['DateTime', ["DateTime('UTC')"]],
  ['DateTime64(3)', ["DateTime64(3, 'UTC')"]],
]);

const isSameFamily = (from: string, to: string): boolean => baseOf(from) === baseOf(to);

const isNullable = (type: string): boolean => type.includes('Nullable(');

/** `LowCardinality(Nullable(FixedString(2)))` → `FixedString`: what decides whether values fit. */
const baseOf = (type: string): string => {
  const bare = type
    .replace(/^LowCardinality\((.*)\)$/, '$1')
    .replace(/^Nullable\((.*)\)$/, '$1')
    .replace(/^LowCardinality\((.*)\)$/, '$1');
  return bare.startsWith('FixedString(') ? 'FixedString' : bare;
};

const neutralValue = (type: string): string => (baseOf(type) === 'String' ? "''" : '0');
