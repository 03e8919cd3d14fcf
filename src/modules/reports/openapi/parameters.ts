import { z } from 'zod';
import { isRepeatable } from '../parameters.ts';

/** What parameters mean, where the name does not say it all. Those of the other side of a comparison, `b.…`, mean the same there. */
const MEANINGS: ReadonlyMap<string, string> = new Map([
  ['site', "One of the organization's host names; without it all of them"],
  [
    'from',
    'Begin of the period, ISO 8601 (a date, or a moment with its zone). Default: 28 days before the end',
  ],
  ['to', 'End of the period (not included). Default: now'],
  [
    'filter',
    '`DIMENSION:OP:A|B`; all filters must hold, one of the values each. OP is is, is_not, contains or begins; values are percent-encoded within the parameter',
  ],
  ['navigations', 'Which navigations are counted. Default: hard'],
  ['percentile', 'Percentile of the values. Default: 75'],
  ['bots', 'Whether page views of bots are counted. Default: without'],
  ['format', 'Form of the answer; all but json are tables, sent as files'],
  [
    'table',
    'What else of the answer is wanted as a table, instead of its rows; with csv, ndjson and parquet alone',
  ],
  ['vital', 'The vital that is looked at'],
  ['compare', 'Adds the period of the same length that ended where this one begins'],
  ['limit', 'Number of rows'],
  ['offset', 'Rows that are left out first'],
  ['search', 'Rows whose value contains this'],
  ['dimension', 'By what page views are divided'],
  ['split', 'Draws a line for each of the commonest values of this dimension'],
  ['by', 'Dimension whose groups tell mix from performance'],
  ['causes', 'Whether likely causes are looked for, which takes longer than all else. Default: with'],
  ['rows', 'Dimension of the rows. Default: device'],
  ['columns', 'Dimension of the columns. Default: browser'],
  ['step', 'Length of a step; auto: what fits the period'],
]);

/** A parameter of a query in OpenAPI's form. */
export const queryParameter = (name: string, schema: z.ZodType): Readonly<Record<string, unknown>> => {
  const isOther = name.startsWith('b.');
  const meaning = MEANINGS.get(isOther ? name.slice(2) : name);
  return {
    name,
    in: 'query',
    required: !schema.safeParse(undefined).success,
    ...(meaning === undefined
      ? {}
      : { description: isOther ? `For the other side: ${lowerFirst(meaning)}` : meaning }),
    ...(isRepeatable(schema) ? { style: 'form', explode: true } : {}),
    schema: querySchema(schema),
  };
};

/** The schema of what is sent: numbers are numbers here, although a query has texts only. */
const querySchema = (schema: z.ZodType): Readonly<Record<string, unknown>> => {
  const { $schema: _, ...sent } = z.toJSONSchema(schema, { io: 'input' });
  if (sent.minimum === undefined) return sent;
  return { type: 'integer', minimum: sent.minimum, maximum: sent.maximum };
};

const lowerFirst = (sentence: string): string => sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
