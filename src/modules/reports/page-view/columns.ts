/** A column of a table and its ClickHouse type. */
export interface TypedColumn {
  readonly name: string;
  readonly type: string;
}

/** The list of columns in a SELECT, each in a form that JSON holds without loss: moments in epoch ms. */
export const selectList = (columns: readonly TypedColumn[]): string => columns.map(jsonForm).join(', ');

const jsonForm = ({ name, type }: TypedColumn): string => {
  if (type.includes('DateTime64')) return `toUnixTimestamp64Milli(${name})`;
  if (type.includes('DateTime')) return `toInt64(toUnixTimestamp(${name})) * 1000`;
  return type.startsWith('UInt64') ? `toString(${name})` : name;
};

/** A row of `selectList` as an object: moments as ISO 8601. */
export const namedRow = (
  columns: readonly TypedColumn[],
  row: readonly unknown[],
): Readonly<Record<string, unknown>> =>
  Object.fromEntries(columns.map(({ name, type }, index) => [name, shown(type, row[index] ?? null)]));

const shown = (type: string, value: unknown): unknown => {
  if (typeof value !== 'number') return value;
  if (type.includes('DateTime')) return new Date(value).toISOString();
  return type.includes('Float32') ? Number(value.toPrecision(FLOAT32_DIGITS)) : value;
};

/** What a Float32 holds for certain; the rest is noise. */
const FLOAT32_DIGITS = 6;
