import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const page = readFileSync(join(root, 'docs/reference/checked-rules.md'), 'utf8');

/** Cells of the rows of the table under a heading, the head of the table left out. */
const rowsUnder = (heading: string): readonly (readonly string[])[] => {
  const [, section = ''] = page.split(`\n## ${heading}\n`);
  const [, ...rows] = (section.split('\n## ', 1)[0] ?? '')
    .split('\n')
    .filter((line) => line.startsWith('| '));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
};

/** Titles of tests and of what they stand in: the first text of `test(…)`, `it.each(…)(…)`, `describe(…)`; and those of properties, which begin with their number. */
const TITLE =
  /(?:\b(?:it|test|describe)(?:\.\w+)*(?:<[^(]*>)?\(|\)\(|(?=['"`]I-\d+: ))\s*(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)"|`((?:\\.|[^`\\])*)`)/g;
const titlesOf = (text: string): readonly string[] =>
  [...text.matchAll(TITLE)].map(([, single, double, template]) => single ?? double ?? template ?? '');

const files = globSync(['{src,test,examples,docs}/**/*.test.ts', 'web/src/**/*.test.ts'], { cwd: root });
const titles = new Map(files.map((file) => [file, titlesOf(readFileSync(join(root, file), 'utf8'))]));
const all = [...titles.values()].flat();

describe('a paragraph of Okapi', () => {
  const listed = rowsUnder('Okapi, by paragraph').map(([paragraph = '']) => paragraph);
  const named = new Set(
    all.flatMap((title) => [...title.matchAll(/§(\d+(?:\.\d+)*)/g)].map(([, id = '']) => id)),
  );
  const isWithin = (id: string, paragraph: string): boolean =>
    id === paragraph || id.startsWith(`${paragraph}.`);

  test('is listed once', () => {
    expect(listed.length).toBeGreaterThan(60);
    expect(new Set(listed).size).toBe(listed.length);
  });

  test.each(listed)('§%s is named by a test', (paragraph) => {
    expect([...named].filter((id) => isWithin(id, paragraph))).not.toEqual([]);
  });

  test('that a test names is listed', () => {
    // A paragraph may be named as a whole where its parts are listed.
    const isListed = (id: string): boolean =>
      listed.some((paragraph) => isWithin(id, paragraph) || isWithin(paragraph, id));
    expect([...named].filter((id) => !isListed(id))).toEqual([]);
  });
});

describe('a security case', () => {
  const cases = rowsUnder('Security cases').map(([id = '', , tests = '']) => ({
    id,
    tests: tests.split('<br>').map((each) => {
      const [, file = '', title = ''] = /^`([^`]+)`: (.+)$/.exec(each) ?? [];
      return { file, title };
    }),
  }));

  test('is listed once', () => {
    expect(cases.length).toBeGreaterThan(70);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });

  test.each(cases)('$id is tried by the tests that it names', ({ tests }) => {
    for (const { file, title } of tests)
      expect(titles.get(file) ?? [`${file} is not there`]).toContainEqual(expect.stringContaining(title));
  });
});

describe('an invariant of the gateway', () => {
  const listed = rowsUnder('Invariants of the gateway').map(([id = '']) => id);
  const named = new Set(all.flatMap((title) => [...title.matchAll(/^(I-\d+): /g)].map(([, id = '']) => id)));

  test.each(listed)('%s is a property', (id) => {
    expect([...named]).toContain(id);
  });

  test('that a test names is listed', () => {
    expect([...named].filter((id) => !listed.includes(id))).toEqual([]);
  });
});
