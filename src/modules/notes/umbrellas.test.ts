import { expect, test } from 'vitest';
import { createSnapshot, parseUsersMap } from '#tenants';
import { isUmbrella, umbrellasOf } from './umbrellas.ts';

const { tenants, relations, problems } = parseUsersMap(`
- user: { prefix: agency }
- user: { prefix: bank }
- user: { prefix: closed, expire: 2020-01-01 }
- user: { prefix: former }
- user: { prefix: shop }
- user: { prefix: news }
- relation: { tenant: agency, executes_as: [shop, news], modules: [notes], permissions: ['notes.*'], expire: 2027-12-31 }
- relation: { tenant: agency, executes_as: [shop], modules: [mod-notes], permissions: ['notes.*'], expire: 2027-12-31 }
- relation: { tenant: bank, executes_as: [shop], modules: [reports], permissions: ['*'], expire: 2027-12-31 }
- relation: { tenant: closed, executes_as: [shop], modules: [notes], permissions: ['*'], expire: 2027-12-31 }
- relation: { tenant: former, executes_as: [shop], modules: [annotations], permissions: ['*'], expire: 2026-06-30 }
- relation: { tenant: shop, executes_as: [news], modules: [notes], permissions: ['*'], expire: 2027-12-31 }
`);
const snapshot = createSnapshot('test', 0, tenants, relations);
const NOW = Date.parse('2026-11-22T12:00:00Z');
const of = (member: string, now = NOW): readonly string[] =>
  umbrellasOf(snapshot, member, now).map(({ id }) => id);

test('an organization has the umbrellas whose relations in force reach it with notes, each once', () => {
  expect(problems).toEqual([]);
  expect(of('shop')).toEqual(['agency']);
  expect(of('news')).toEqual(['agency', 'shop']);
});

test('a relation counts until it ends, from then on not', () => {
  const end = Date.parse('2026-07-01T00:00:00Z');
  expect(of('shop', end - 1)).toEqual(['agency', 'former']);
  expect(of('shop', end)).toEqual(['agency']);
});

test('relations have a direction', () => {
  expect(of('agency')).toEqual([]);
});

test('an umbrella is who reaches somebody with notes', () => {
  expect(['agency', 'shop', 'bank', 'former', 'news'].filter((id) => isUmbrella(snapshot, id, NOW))).toEqual([
    'agency',
    'shop',
  ]);
});
