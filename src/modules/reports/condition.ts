import type { Filter, Selection } from './contract.ts';
import { periodOf } from './selection.ts';

/** A part of a statement, and the parameters in it. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * The condition on page views that a selection is, over the columns of the roll-up. Names of dimensions have been read as such; every
 * value is a parameter, its name begun with `name`.
 */
export const conditionOf = (selection: Selection, name = 's'): Condition => {
  const { from, to } = periodOf(selection);
  const parts: Condition[] = [
    {
      sql: `started_at >= toDateTime({${name}_from:UInt32}, 'UTC') AND started_at < toDateTime({${name}_to:UInt32}, 'UTC')`,
      parameters: { [`${name}_from`]: from / 1_000, [`${name}_to`]: to / 1_000 },
    },
    ...(selection.bots ? [] : [{ sql: 'is_bot = 0', parameters: {} }]),
    ...(selection.navigations === 'all'
      ? []
      : [equals('navigation', selection.navigations, `${name}_navigation`)]),
    ...(selection.site === null ? [] : [equals('hostname', selection.site, `${name}_site`)]),
    ...selection.filters.map((filter, index) => filterCondition(filter, `${name}_f${index}`)),
  ];
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(' AND '),
    parameters: Object.assign({}, ...parts.map(({ parameters }) => parameters)) as Record<string, unknown>,
  };
};

const equals = (column: string, value: string, parameter: string): Condition => ({
  sql: `${column} = {${parameter}:String}`,
  parameters: { [parameter]: value },
});

const filterCondition = ({ dimension, op, values }: Filter, parameter: string): Condition => {
  const list = `{${parameter}:Array(String)}`;
  return { sql: FILTER_SQL[op](dimension, list), parameters: { [parameter]: values } };
};

/** `contains` does not care about the case of letters; all else does. */
const FILTER_SQL: Readonly<Record<Filter['op'], (column: string, list: string) => string>> = {
  is: (column, list) => `${column} IN ${list}`,
  is_not: (column, list) => `${column} NOT IN ${list}`,
  contains: (column, list) => `arrayExists(x -> positionCaseInsensitiveUTF8(${column}, x) > 0, ${list})`,
  begins: (column, list) => `arrayExists(x -> startsWith(${column}, x), ${list})`,
};
