import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '#core';
import type { Fault } from './faults.ts';
import { readParameters } from './parameters.ts';
import { MAX_PERIOD_DAYS, SELECTION_PARAMETERS, selectionOf } from './selection.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0, 789);
const schema = z.object(SELECTION_PARAMETERS);
const read = (query: string) => selectionOf(readParameters(schema, new URLSearchParams(query)), NOW);
const faultsOf = (query: string): readonly string[] => {
  try {
    read(query);
  } catch (error) {
    if (error instanceof AppError && error.status === 400)
      return ((error.details ?? {})['faults'] as readonly Fault[]).map(({ message }) => message);
    throw error;
  }
  return [];
};

describe('a selection', () => {
  test('is the last 28 days of hard navigations without bots unless something else is said', () => {
    expect(read('')).toEqual({
      site: null,
      from: '2026-10-25T12:00:00.000Z',
      to: '2026-11-22T12:00:00.000Z',
      filters: [],
      navigations: 'hard',
      percentile: 75,
      bots: false,
    });
  });

  test('takes dates and moments with a zone', () => {
    expect(read('from=2026-11-01&to=2026-11-02T02:00:00%2B02:00')).toMatchObject({
      from: '2026-11-01T00:00:00.000Z',
      to: '2026-11-02T00:00:00.000Z',
    });
  });

  test('of which only the end is given has 28 days before it', () => {
    expect(read('to=2026-11-29')).toMatchObject({ from: '2026-11-01T00:00:00.000Z' });
  });

  test('keeps filters with every kind of text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { minLength: 1, maxLength: 5 }),
        (values) => {
          const query = new URLSearchParams({
            filter: `page_group:is:${values.map(encodeURIComponent).join('|')}`,
          });
          expect(read(query.toString()).filters).toEqual([{ dimension: 'page_group', op: 'is', values }]);
        },
      ),
    );
  });

  test('has a filter for each that is given', () => {
    expect(read('filter=device:is:mobile|tablet&filter=country:is_not:').filters).toEqual([
      { dimension: 'device', op: 'is', values: ['mobile', 'tablet'] },
      { dimension: 'country', op: 'is_not', values: [''] },
    ]);
  });

  test.each([
    ['from=2026-02-31', 'from: found "2026-02-31", expected a date or a moment in ISO 8601'],
    ['from=yesterday', 'from: found "yesterday", expected a date'],
    ['to=2026-11-22T10:00', 'to: found "2026-11-22T10:00", expected a date'],
    ['from=1970-01-01', 'from: found "1970-01-01", expected a date'],
    ['from=2026-11-02&to=2026-11-01', 'expected a beginning before the end'],
    ['from=2026-11-01T00:00:00Z&to=2026-11-01T00:00:00.9Z', 'expected a beginning before the end'],
    ['from=2020-01-01', `expected a period of at most ${MAX_PERIOD_DAYS} days`],
    ['navigations=both', 'navigations: found "both", expected one of hard, soft, bfcache, all'],
    ['percentile=80', 'percentile: found "80", expected one of 50, 75, 90, 95, 99'],
    ['site=', 'site: found "", expected a host name'],
    ['bots=1', 'bots: found "1", expected one of with, without'],
    ['site=a&site=b', 'site: found "a, b", expected it once'],
    ['filtr=device:is:mobile', 'the parameter "filtr" is not known here, known are site, from'],
    ['__proto__=1', 'the parameter "__proto__" is not known here'],
    ['constructor=1', 'the parameter "constructor" is not known here'],
    [
      'filter=mobile',
      'filter: found "mobile", expected DIMENSION:OP:VALUES with one of the dimensions hostname',
    ],
    ['filter=device:is', 'expected DIMENSION:OP:VALUES with one of is, is_not, contains, begins'],
    ['filter=device:like:a', 'expected DIMENSION:OP:VALUES with one of is, is_not, contains, begins'],
    ['filter=lcp:is:1', 'expected DIMENSION:OP:VALUES with one of the dimensions'],
    ['filter=device:contains:', 'expected a text behind contains'],
    ['filter=device:is:%25', 'expected values that are percent-encoded'],
    [`filter=device:is:${'a'.repeat(3_000)}`, 'expected values of at most 2048 characters'],
    [`filter=device:is:${'a|'.repeat(150)}`, 'expected at most 100 values'],
    ['filter=device:is:a&'.repeat(21).slice(0, -1), 'expected it at most 20 times'],
  ])('is refused in words: %s', (query, message) => {
    expect(faultsOf(query)).toEqual([expect.stringContaining(message)]);
  });

  test('tells everything that is wrong at once', () => {
    expect(faultsOf('from=x&percentile=1&what=1')).toHaveLength(3);
  });

  test('of any query is read or refused, never anything else', () => {
    const parameter = fc.tuple(
      fc.oneof(fc.constantFrom(...Object.keys(SELECTION_PARAMETERS)), fc.string({ maxLength: 8 })),
      fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('2026-11-01', 'device:is:a', '99999-01-01')),
    );
    fc.assert(
      fc.property(fc.array(parameter, { maxLength: 6 }), (parameters) => {
        faultsOf(new URLSearchParams(parameters).toString());
      }),
    );
  });
});

describe('the other side of a comparison', () => {
  const base = read('site=a.example&from=2026-11-01&to=2026-11-08&filter=device:is:mobile&percentile=90');
  const other = (query: string) => selectionOf(readParameters(schema, new URLSearchParams(query)), NOW, base);

  test('is like the first where nothing is said', () => {
    expect(other('')).toEqual(base);
  });

  test('is as long as the first when only its beginning is given', () => {
    expect(other('from=2026-10-01')).toEqual({
      ...base,
      from: '2026-10-01T00:00:00.000Z',
      to: '2026-10-08T00:00:00.000Z',
    });
  });
});
