import { expect, test } from 'vitest';
import { parseDescriptor } from '#gateway';
import { reportsDescriptor } from './descriptor.ts';
import { REPORTS } from './module.ts';

test("the descriptor is one that Okapi's rules allow, and every entry needs a permission", () => {
  const { provides = [] } = parseDescriptor(reportsDescriptor(REPORTS));
  const entries = provides.flatMap(({ handlers = [] }) => handlers);
  expect(entries.length).toBeGreaterThanOrEqual(REPORTS.length);
  expect(entries.filter(({ permissionsRequired = [] }) => permissionsRequired.length !== 1)).toEqual([]);
});
