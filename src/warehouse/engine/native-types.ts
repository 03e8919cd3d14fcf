/** How the values of a ClickHouse type lie in a column of the Native format, as far as their length goes. */
export type NativeType =
  | { readonly kind: 'fixed'; readonly bytes: number }
  | { readonly kind: 'string' }
  | { readonly kind: 'nullable' | 'array' | 'low-cardinality'; readonly inner: NativeType }
  | { readonly kind: 'tuple'; readonly items: readonly NativeType[] };

/** Reads a type's name. Undefined for types whose layout is not known here (JSON, Dynamic, Variant, AggregateFunction …). */
export const parseNativeType = (text: string): NativeType | undefined => {
  const open = text.indexOf('(');
  const name = (open < 0 ? text : text.slice(0, open)).trim();
  const args = open < 0 ? [] : splitArguments(text.slice(open + 1, text.lastIndexOf(')')));
  const bytes = FIXED.get(name);
  if (bytes !== undefined) return { kind: 'fixed', bytes };
  if (name.startsWith('Interval')) return { kind: 'fixed', bytes: 8 };
  const alias = ALIASES.get(name);
  if (alias !== undefined) return parseNativeType(alias);
  switch (name) {
    case 'String':
      return { kind: 'string' };
    case 'FixedString':
      return { kind: 'fixed', bytes: Number(args[0]) };
    case 'Decimal':
      return { kind: 'fixed', bytes: decimalBytes(Number(args[0])) };
    case 'Nullable':
      return around('nullable', args[0]);
    case 'Array':
      return around('array', args[0]);
    case 'LowCardinality':
      return around('low-cardinality', args[0]);
    case 'Map':
      return around('array', `Tuple(${args.join(', ')})`);
    case 'Nested':
      return around('array', `Tuple(${args.join(', ')})`);
    case 'SimpleAggregateFunction':
      return parseNativeType(args[1] ?? '');
    case 'Tuple':
      return tuple(args);
    default:
      return undefined;
  }
};

const FIXED: ReadonlyMap<string, number> = new Map([
  ...['UInt8', 'Int8', 'Bool', 'Enum8', 'Nothing'].map((name) => [name, 1] as const),
  ...['UInt16', 'Int16', 'Enum16', 'Date', 'BFloat16'].map((name) => [name, 2] as const),
  ...['UInt32', 'Int32', 'Float32', 'Date32', 'DateTime', 'IPv4', 'Decimal32', 'Time'].map(
    (name) => [name, 4] as const,
  ),
  ...['UInt64', 'Int64', 'Float64', 'DateTime64', 'Decimal64', 'Time64'].map((name) => [name, 8] as const),
  ...['UInt128', 'Int128', 'UUID', 'IPv6', 'Decimal128'].map((name) => [name, 16] as const),
  ...['UInt256', 'Int256', 'Decimal256'].map((name) => [name, 32] as const),
]);

const ALIASES: ReadonlyMap<string, string> = new Map([
  ['Point', 'Tuple(Float64, Float64)'],
  ['Ring', 'Array(Point)'],
  ['LineString', 'Array(Point)'],
  ['MultiLineString', 'Array(LineString)'],
  ['Polygon', 'Array(Ring)'],
  ['MultiPolygon', 'Array(Polygon)'],
]);

const decimalBytes = (precision: number): number =>
  precision <= 9 ? 4 : precision <= 18 ? 8 : precision <= 38 ? 16 : 32;

const around = (kind: 'nullable' | 'array' | 'low-cardinality', text = ''): NativeType | undefined => {
  const inner = parseNativeType(text);
  return inner === undefined ? undefined : { kind, inner };
};

const tuple = (args: readonly string[]): NativeType | undefined => {
  const items = args.map((arg) => parseNativeType(withoutName(arg)));
  return items.every((item) => item !== undefined) ? { kind: 'tuple', items } : undefined;
};

/** Elements of a tuple may be named: `a UInt8`, `` `b c` String ``. */
const withoutName = (text: string): string => {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '`') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ' ' && depth === 0) return text.slice(at + 1);
  }
  return text;
};

const splitArguments = (text: string): string[] => {
  const parts: string[] = [];
  let depth = 0;
  let quote = '';
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote !== '') {
      if (char === '\\') at += 1;
      else if (char === quote) quote = '';
    } else if (char === "'" || char === '`') quote = char;
    else if (char === '(') depth += 1;
    else if (char === ')') depth -= 1;
    else if (char === ',' && depth === 0) {
      parts.push(text.slice(start, at).trim());
      start = at + 1;
    }
  }
  const last = text.slice(start).trim();
  return last === '' ? parts : [...parts, last];
};
