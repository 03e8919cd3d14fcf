import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { objectsOf } from './documents.ts';
import { linesOf, type SourceLine } from './lines.ts';

async function* cut(text: string, size: number): AsyncGenerator<Buffer, void, undefined> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const all = async (lists: AsyncIterable<readonly SourceLine[]>): Promise<SourceLine[]> => {
  const found: SourceLine[] = [];
  for await (const list of lists) found.push(...list);
  return found;
};

describe('linesOf', () => {
  test('gives the same lines wherever the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'grapheme' }).map((text) => text.replaceAll(/[\r\n]/g, ''))),
        fc.integer({ min: 1, max: 9 }),
        async (lines, size) => {
          const found = await all(linesOf(cut(lines.map((line) => `${line}\n`).join(''), size)));
          expect(found.map(({ text }) => text)).toEqual(
            lines.filter((line) => line !== '').map((line) => Buffer.from(line).toString()),
          );
        },
      ),
    );
  });

  test('skips a line that is too long and goes on after it', async () => {
    const text = `short\n${'x'.repeat(50)}\nnext\n`;
    for (const size of [1, 7, 1_000])
      expect(await all(linesOf(cut(text, size), 20))).toEqual([
        { number: 1, text: 'short', unfinished: false },
        { number: 2, text: null, unfinished: false },
        { number: 3, text: 'next', unfinished: false },
      ]);
  });

  test('marks a last line without an end, counts empty ones, takes Windows ends off', async () => {
    expect(await all(linesOf(cut('a\r\n\nb', 2)))).toEqual([
      { number: 1, text: 'a', unfinished: false },
      { number: 3, text: 'b', unfinished: true },
    ]);
  });
});

describe('objectsOf', () => {
  test('gives the objects of a list wherever the bytes are cut, whatever their texts hold', async () => {
    const value = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.dictionary(fc.string(), fc.string())));
    await fc.assert(
      fc.asyncProperty(
        fc.array(value),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(0, 2),
        async (list, size, indent) => {
          const found = await all(objectsOf(cut(JSON.stringify(list, null, indent), size)));
          expect(found.map(({ text }) => JSON.parse(text ?? '') as unknown)).toEqual(
            JSON.parse(JSON.stringify(list)),
          );
        },
      ),
    );
  });

  test('tells the line of each object, what is too large and what has no end', async () => {
    const text = `[\n{"a":1},\n{"b":"${'x'.repeat(40)}"}, {"c":2},\n{"d":`;
    expect(await all(objectsOf(cut(text, 5), 30))).toEqual([
      { number: 2, text: '{"a":1}', unfinished: false },
      { number: 3, text: null, unfinished: false },
      { number: 3, text: '{"c":2}', unfinished: false },
      { number: 4, text: '{"d":', unfinished: true },
    ]);
  });
});
