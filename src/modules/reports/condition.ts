import { AppError } from '#core';
import type { Filter, Selection } from './contract.ts';
import { isDimension } from './filters.ts';

/** A part of a statement, and the parameters in it. */
export interface Condition {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * The condition that a selection is on the page views of its period, over the columns of the roll-up. Their source has exactly those of the period, so
 * that is not asked again of every row. Names of dimensions have been read as such; every value is a parameter, its name begun with `name`; `{s_from:UInt32}` and
 * `{s_to:UInt32}` are the bounds of the period, for tables beside the source.
 */
export const conditionOf = (selection: Selection, name = 's'): Condition => {
  const [from, to] = [selection.from, selection.to].map((moment) => Date.parse(moment) / 1_000);
  const parts: Condition[] = [
    { sql: '1', parameters: { [`${name}_from`]: from, [`${name}_to`]: to } },
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

/** A filter as a condition. Errors: `REPORTS_DIMENSION_UNKNOWN`, since its dimension becomes part of the statement. */
export const filterCondition = ({ dimension, op, values }: Filter, parameter: string): Condition => {
  if (!isDimension(dimension))
    throw new AppError(
      'REPORTS_DIMENSION_UNKNOWN',
      `filtering page views: found the dimension ${JSON.stringify(dimension)}`,
    );
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
