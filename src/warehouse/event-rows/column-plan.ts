import { EVENT_COLUMNS, type EventColumnName } from '../schema.ts';

/** The ClickHouse types that are kept as numbers. Moments are epoch milliseconds. */
export type NumberType =
  | 'Bool'
  | 'UInt8'
  | 'UInt16'
  | 'UInt32'
  | 'UInt64'
  | 'Int32'
  | 'Float32'
  | 'Float64'
  | 'Date'
  | "DateTime('UTC')"
  | "DateTime64(3, 'UTC')";

/** What the items of a list are: numbers of a type, labels, or texts. */
export type ItemPlan =
  | { readonly kind: 'number'; readonly as: NumberType }
  | { readonly kind: 'label' }
  | { readonly kind: 'text' };

/**
 * Where the value of a column is kept in a slab, and how it is written. `place` counts the columns of the same kind.
 * - `segment` and `batch` are the two that no number holds;
 * - `number`, `label` (LowCardinality) and `text` hold one value, `list` an Array or a Map.
 */
export type ColumnPlan =
  | { readonly kind: 'segment' | 'batch' }
  | { readonly kind: 'number'; readonly place: number; readonly as: NumberType; readonly nullable: boolean }
  | { readonly kind: 'label'; readonly place: number; readonly nullable: boolean }
  | { readonly kind: 'text'; readonly place: number; readonly nullable: boolean }
  | { readonly kind: 'list'; readonly place: number; readonly keyed: boolean; readonly item: ItemPlan };

/** A column of the events table with its plan. */
export interface PlannedColumn {
  readonly name: EventColumnName;
  readonly type: string;
  readonly plan: ColumnPlan;
}

const NUMBERS: ReadonlySet<string> = new Set<NumberType>([
  'Bool',
  'UInt8',
  'UInt16',
  'UInt32',
  'UInt64',
  'Int32',
  'Float32',
  'Float64',
  'Date',
  "DateTime('UTC')",
  "DateTime64(3, 'UTC')",
]);

const isNumber = (type: string): type is NumberType => NUMBERS.has(type);

const insideOf = (type: string, wrapper: string): string | null =>
  type.startsWith(`${wrapper}(`) ? type.slice(wrapper.length + 1, -1) : null;

const MAP_KEY = 'LowCardinality(String), ';

const itemOf = (type: string): ItemPlan => {
  if (isNumber(type)) return { kind: 'number', as: type };
  if (type === 'String') return { kind: 'text' };
  if (type === 'LowCardinality(String)') return { kind: 'label' };
  throw new TypeError(`no way to keep items of type ${type}`);
};

const planOf = (name: string, type: string, nextPlace: (kind: string) => number): ColumnPlan => {
  if (name === 'journal_segment') return { kind: 'segment' };
  if (name === 'batch_id') return { kind: 'batch' };
  const item = insideOf(type, 'Array');
  if (item !== null) return { kind: 'list', place: nextPlace('list'), keyed: false, item: itemOf(item) };
  const entry = insideOf(type, 'Map');
  if (entry?.startsWith(MAP_KEY))
    return { kind: 'list', place: nextPlace('list'), keyed: true, item: itemOf(entry.slice(MAP_KEY.length)) };
  const label = insideOf(type, 'LowCardinality');
  const kind = label === null ? 'text' : 'label';
  const inner = label ?? type;
  const nullable = insideOf(inner, 'Nullable');
  const plain = nullable ?? inner;
  if (plain === 'String') return { kind, place: nextPlace(kind), nullable: nullable !== null };
  if (label !== null || !isNumber(plain)) throw new TypeError(`no way to keep a value of type ${type}`);
  return { kind: 'number', place: nextPlace('number'), as: plain, nullable: nullable !== null };
};

/** All columns; the places of each kind are counted from 0. */
const planColumns = (): readonly PlannedColumn[] => {
  const counts = new Map<string, number>();
  const nextPlace = (kind: string): number => {
    const place = counts.get(kind) ?? 0;
    counts.set(kind, place + 1);
    return place;
  };
  return EVENT_COLUMNS.map(({ name, type }) => ({ name, type, plan: planOf(name, type, nextPlace) }));
};

/** `EVENT_COLUMNS`, in their order, with their plans. */
export const PLANNED_COLUMNS: readonly PlannedColumn[] = planColumns();

const countOf = (kind: ColumnPlan['kind']): number =>
  PLANNED_COLUMNS.filter(({ plan }) => plan.kind === kind).length;

/** How many columns of each kind there are. */
export const PLACES = {
  numbers: countOf('number'),
  labels: countOf('label'),
  texts: countOf('text'),
} as const;
