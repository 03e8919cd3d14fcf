import { describe, expect, it } from 'vitest';
import { consortiumDescriptor } from '../../../src/modules/consortium/descriptor.ts';
import { reportsDescriptor } from '../../../src/modules/reports/descriptor.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { OPENAPI_PATH } from '../../../src/modules/reports/openapi/describe.ts';
import { MATRIX_CHECKS } from './checks/matrix.ts';
import { CHECKS } from './checks/index.ts';
import { LINES } from './checks/lines.ts';
import { FORMATS, plainRequests } from './marked-world.ts';

/** What the gateway routes to reports; their description is the same for all organizations, and says nothing of any. */
const ROUTES = [reportsDescriptor(REPORTS), consortiumDescriptor]
  .flatMap(({ provides = [] }) => provides)
  .flatMap(({ handlers = [] }) => handlers)
  .map(({ pathPattern = '' }) => pathPattern)
  .filter((path) => path !== OPENAPI_PATH);

const sorted = (paths: readonly string[]): readonly string[] => [...new Set(paths)].toSorted();

describe('every route of a report', () => {
  it('is compared with the obvious calculation, by random selections', () => {
    expect(sorted(Object.keys({ ...CHECKS, ...MATRIX_CHECKS }))).toEqual(sorted(ROUTES));
  });

  it('has what its files must say written down', () => {
    expect(sorted(Object.keys(LINES))).toEqual(sorted(ROUTES));
  });

  it('is asked for by the suite of isolation in every format, and so is each further table', () => {
    const asked = plainRequests('1-1').map((path) => new URL(path, 'http://localhost'));
    for (const { path, tables } of REPORTS)
      for (const format of FORMATS)
        for (const table of [null, ...(format === 'json' ? [] : tables)])
          expect(
            asked.some(
              ({ pathname, searchParams }) =>
                pathname === path.replace('{id}', '1-1') &&
                searchParams.get('format') === format &&
                searchParams.get('table') === table,
            ),
            `${path} as ${format}, table ${table}`,
          ).toBe(true);
    // The matrix has members of its own: those that the caller may see, and one that he may not.
    const elsewhere = Object.keys(MATRIX_CHECKS);
    expect(sorted([...REPORTS.map(({ path }) => path), ...elsewhere])).toEqual(sorted(ROUTES));
  });
});
