import { expect, test } from 'vitest';
import { newVersions, type VersionRow } from './new-versions.ts';

const DAY = 86_400_000;
const row = (version: string, firstDay: number, views: number, site = 'a.example'): VersionRow => ({
  site,
  version,
  first: firstDay * DAY,
  views,
});

test('a version that comes to a site later is new, and what measured most before is what it is compared with', () => {
  expect(newVersions([row('1.0', 0, 5_000), row('0.9', 0.5, 20_000), row('1.1', 9, 400)])).toEqual([
    { site: 'a.example', version: '1.1', first: 9 * DAY, before: '0.9' },
  ]);
});

test('what a site begins with is not new, nor what hardly anybody sends', () => {
  expect(newVersions([row('1.0', 3, 9_000), row('1.1', 3.9, 9_000)])).toEqual([]);
  expect(newVersions([row('1.0', 0, 9_000), row('made-up', 5, 99)])).toEqual([]);
  expect(newVersions([row('1.0', 0, 90_000), row('made-up', 5, 800)])).toEqual([]);
  expect(newVersions([])).toEqual([]);
});

test('sites are looked at one by one, and versions that are made up in numbers fill no chart', () => {
  const many = Array.from({ length: 20 }, (_, n) => row(`v${n}`, 20 - n, 900));
  const found = newVersions([row('1.0', 0, 9_000), ...many, row('1.1', 8, 500, 'b.example')]);
  expect(found.map(({ site, version }) => `${site} ${version}`)).toEqual([
    'a.example v19',
    'a.example v18',
    'a.example v17',
  ]);
});
