import { expect, test } from 'vitest';
import { areChanged, draftsOf, explainAddress, hiddenBy, nameTwice, ruleOf } from './rule-draft.ts';

const RULE = { method: null, path: null, query: {}, body: {}, tenant: 'fashion' };
const RULES = [
  { ...RULE, query: { site: 'a.bg' } },
  { ...RULE, method: 'POST', path: '/notes', body: { domain: 'x' } },
];

test('a draft says the same as its rule, and remembers its place', () => {
  const drafts = draftsOf({ rules: RULES });
  expect(drafts.map(ruleOf)).toEqual(RULES.map((rule, was) => ({ ...rule, was })));
  expect(areChanged(drafts, { rules: RULES })).toBe(false);
  expect(areChanged(drafts.toReversed(), { rules: RULES })).toBe(true);
  expect(areChanged(drafts.slice(1), { rules: RULES })).toBe(true);
});

test('a condition without name and value is none, and a name that stands twice is told', () => {
  const [draft] = draftsOf({ rules: RULES });
  if (draft === undefined) throw new Error('no draft');
  const empty = { where: 'query', name: '', value: '' } as const;
  expect(ruleOf({ ...draft, conditions: [...draft.conditions, empty] }).query).toEqual({ site: 'a.bg' });
  expect(nameTwice({ ...draft, conditions: [...draft.conditions, empty, empty] })).toBeUndefined();
  const inBody = { where: 'body', name: 'site', value: 'b.bg' } as const;
  expect(nameTwice({ ...draft, conditions: [...draft.conditions, inBody] })).toBeUndefined();
  expect(nameTwice({ ...draft, conditions: [...draft.conditions, { ...inBody, where: 'query' }] })).toBe(
    'site',
  );
});

test.each([
  ['the same rule', RULE, RULE, 0],
  ['any request', RULE, { ...RULE, method: 'GET', path: '/a' }, 0],
  ['another method', { ...RULE, method: 'GET' }, { ...RULE, method: 'POST' }, -1],
  ['one method of any', { ...RULE, method: 'GET' }, RULE, -1],
  ['a path below', { ...RULE, path: '/a/*' }, { ...RULE, path: '/a/b*' }, 0],
  ['a path beside', { ...RULE, path: '/a/*' }, { ...RULE, path: '/b/a' }, -1],
  ['any path of one', { ...RULE, path: '/a/*' }, RULE, -1],
  ['more conditions', { ...RULE, query: { a: '1' } }, { ...RULE, query: { a: '1', b: '2' } }, 0],
  ['fewer conditions', { ...RULE, query: { a: '1' } }, RULE, -1],
  ['another value', { ...RULE, body: { a: '1' } }, { ...RULE, body: { a: '2' } }, -1],
])('a rule below is never reached: %s', (_what, above, rule, place) => {
  expect(hiddenBy([above, rule], 1)).toBe(place);
});

test('explain is asked about a request that the rule takes', () => {
  const relation = { tenant: 'agency', modules: ['mod-notes'] };
  const address = (rule: object): URL =>
    new URL(explainAddress('agency', relation, { ...RULE, ...rule }), 'http://x');
  const asked = address({ path: '/eholdings/*', query: { site: 'a b' }, body: { d: '1' } });
  expect(asked.pathname).toBe('/app/o/agency/explain');
  expect(Object.fromEntries(asked.searchParams)).toEqual({
    tenant: 'agency',
    method: 'POST',
    path: '/eholdings/x?site=a+b',
    body: '{"d":"1"}',
  });
  expect(address({}).searchParams.get('path')).toBe('/notes');
});
