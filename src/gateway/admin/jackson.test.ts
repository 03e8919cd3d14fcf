import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jacksonJson } from './jackson.ts';

test('prints two spaces a level, lists on one line, and empty things with a space', () => {
  const value = { id: 'a', none: undefined, list: [{ b: [] }, 1], empty: {}, deep: { c: null } };
  expect(jacksonJson(value)).toBe(
    '{\n  "id" : "a",\n  "list" : [ {\n    "b" : [ ]\n  }, 1 ],\n  "empty" : { },\n  "deep" : {\n    "c" : null\n  }\n}',
  );
  expect(jacksonJson([])).toBe('[ ]');
});

test('prints any JSON so that it reads back as the same, order of keys included', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const plain = JSON.stringify(value);
      expect(JSON.stringify(JSON.parse(jacksonJson(JSON.parse(plain))))).toBe(plain);
    }),
    { numRuns: 1_000 },
  );
});
