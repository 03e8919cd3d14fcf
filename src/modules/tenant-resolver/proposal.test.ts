import { describe, expect, test } from 'vitest';
import { createSnapshot, parseUsersMap, type Snapshot } from '#tenants';
import { type FilteredRequest, proposeTenant, unusableRules } from './proposal.ts';

const NOW = Date.parse('2027-01-01T00:00:00Z');

const snapshotOf = (rules: string, more = ''): Snapshot => {
  const { tenants, relations, problems } = parseUsersMap(`
- user: { prefix: a, expire: 2099-01-01 }
- user: { prefix: b, expire: 2099-01-01 }
- user: { prefix: c, expire: 2099-01-01 }
- user: { prefix: gone, expire: 2020-01-01 }
${more}
- relation:
    tenant: a
    executes_as: [b, c, gone]
    modules: [notes]
    when:
${rules}
    permissions: [notes.*]
    expire: 2098-01-01
`);
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return createSnapshot('test', NOW, tenants, relations);
};

const ask = (snapshot: Snapshot, facts: Partial<FilteredRequest> = {}, now = NOW) =>
  proposeTenant(
    {
      method: 'GET',
      path: '/notes',
      query: new URLSearchParams(),
      tenant: 'a',
      originTenant: 'a',
      ...facts,
    },
    snapshot,
    now,
  );

const toB = '      - { path: /notes, tenant: b }';

describe('the proposal of the filter', () => {
  test('is the tenant of the first rule that claims the request', () => {
    const snapshot = snapshotOf(`      - { method: POST, path: /notes, tenant: b }
      - { path: /note*, tenant: c }
      - { path: /notes, tenant: b }`);
    expect(ask(snapshot)).toEqual({ kind: 'replace', tenant: 'c', rule: 'a#1.when[1]' });
    expect(ask(snapshot, { method: 'POST' })).toMatchObject({ tenant: 'b' });
  });

  test('looks at the query', () => {
    const snapshot = snapshotOf('      - { path: /notes, query: { site: b.example }, tenant: b }');
    expect(ask(snapshot, { query: new URLSearchParams('site=b.example') })).toMatchObject({ tenant: 'b' });
    expect(ask(snapshot, { query: new URLSearchParams('site=c.example') })).toMatchObject({ kind: 'stay' });
  });

  test('is to stay when no rule claims the request', () => {
    expect(ask(snapshotOf(toB), { path: '/users' })).toMatchObject({ kind: 'stay' });
  });

  test.each<[string, Partial<FilteredRequest>]>([
    ['nobody is acting', { originTenant: null }],
    ['the user is of a tenant without relations', { originTenant: 'b', tenant: 'b' }],
    ['the user is of a tenant that the map does not know', { originTenant: 'x', tenant: 'x' }],
    ['the caller names another tenant itself', { tenant: 'c' }],
    ['the caller names a tenant that nobody knows', { tenant: 'x' }],
  ])('is to stay when %s', (_, facts) => {
    expect(ask(snapshotOf(toB), facts)).toMatchObject({ kind: 'stay' });
  });

  test('is to stay when the relation is expired', () => {
    expect(ask(snapshotOf(toB), {}, Date.parse('2098-06-01T00:00:00Z'))).toMatchObject({ kind: 'stay' });
  });

  test('is to refuse when a rule sends the request to an expired tenant', () => {
    expect(ask(snapshotOf('      - { path: /notes, tenant: gone }'))).toMatchObject({
      kind: 'refuse',
      status: 404,
    });
  });

  test('is to refuse when the query says two things to a rule', () => {
    const snapshot = snapshotOf('      - { path: /notes, query: { site: b }, tenant: b }');
    expect(ask(snapshot, { query: new URLSearchParams('site=b&site=c') })).toMatchObject({
      kind: 'refuse',
      status: 400,
    });
  });

  test.each([
    ['has no path', '{ query: { site: b }, tenant: b }'],
    ['looks at the body', '{ path: /notes, body: { domain: press }, tenant: b }'],
  ])('is to stay when a rule that claims the request %s, whatever rules follow', (_, rule) => {
    const snapshot = snapshotOf(`      - ${rule}\n      - { path: /notes, tenant: c }`);
    expect(ask(snapshot, { query: new URLSearchParams('site=b') })).toMatchObject({ kind: 'stay' });
  });
});

test('rules that can never be obeyed are told, with the reason', () => {
  const snapshot = snapshotOf(`      - { path: /notes, tenant: b }
      - { query: { site: b }, tenant: b }
      - { path: /notes, body: { domain: press }, tenant: b }`);
  expect(unusableRules(snapshot).map(({ rule }) => rule)).toEqual(['a#1.when[1]', 'a#1.when[2]']);
});
