import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The table of arrows in docs/architecture.md: folder → folders that it may import. */
const readArrows = (): Map<string, Set<string>> => {
  const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
  const table = page.slice(page.indexOf('| folder | may import |'));
  const rows = table.split('\n').filter((line) => line.startsWith('| `'));
  return new Map(
    rows.map((row) => {
      const [, folder = '', allowed = ''] = row.split('|').map((cell) => cell.trim());
      return [folder.replaceAll('`', ''), new Set(allowed.split(',').map((name) => name.trim()))];
    }),
  );
};

interface Import {
  readonly file: string;
  readonly folder: string;
  readonly specifier: string;
}

const importsOf = (file: string): Import[] => {
  const text = readFileSync(join(root, file), 'utf8');
  const folder = file.split('/')[1] ?? '';
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => ({
    file,
    folder,
    specifier: match[1] ?? '',
  }));
};

const arrows = readArrows();
const files = globSync('src/*/**/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));
const imports = files.flatMap(importsOf);

describe('architecture', () => {
  test('every folder of src has a row in the table of arrows', () => {
    const folders = new Set(files.map((file) => file.split('/')[1]));
    expect(folders.size).toBeGreaterThan(4);
    expect([...folders].filter((folder) => !arrows.has(folder ?? ''))).toEqual([]);
  });

  test('folders import only along the arrows', () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith('#'))
      .filter(({ folder, specifier }) => {
        const target = specifier.slice(1);
        const [owner = ''] = target.split('/');
        const allowed = arrows.get(folder) ?? new Set();
        return !allowed.has(owner) && !allowed.has(target);
      });
    expect(wrong).toEqual([]);
  });

  test('folders enter each other only through their doors', () => {
    const wrong = imports
      .filter(({ specifier }) => specifier.startsWith('.'))
      .filter(({ file, specifier }) => {
        const target = relative(root, join(root, dirname(file), specifier));
        return target.split('/')[1] !== file.split('/')[1];
      });
    expect(wrong).toEqual([]);
  });
});
