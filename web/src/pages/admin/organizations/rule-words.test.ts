import { expect, test } from 'vitest';
import { ruleWords } from './rule-words.ts';

const RULE = { method: null, path: null, query: {}, body: {}, tenant: 'fashion' };
const nameOf = (id: string): string => (id === 'fashion' ? 'Fashion' : id);

test('a rule is a sentence of what it looks at and for whom it is done', () => {
  expect(ruleWords({ ...RULE, method: 'GET', path: '/eholdings/*' }, nameOf)).toBe(
    'GET /eholdings/* is done for Fashion',
  );
  expect(ruleWords({ ...RULE, path: '/notes', query: { site: 'a.bg' }, body: { type: 'b' } }, nameOf)).toBe(
    'any request to /notes with site = a.bg in the query and type = b in the body is done for Fashion',
  );
});

test('a rule without conditions takes every request, one without a path those of a method', () => {
  expect(ruleWords({ ...RULE, tenant: 'other' }, nameOf)).toBe('every request is done for other');
  expect(ruleWords({ ...RULE, method: 'POST' }, nameOf)).toBe('POST of any path is done for Fashion');
});
