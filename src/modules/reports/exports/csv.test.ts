import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { writeCsv } from './csv.ts';

const one = (text: string): string => writeCsv({ a: 'text' }, [{ a: text }]).slice('a\r\n'.length, -2);

/** A reader after RFC 4180: quotes, doubled quotes, CRLF. */
const readCsv = (text: string): string[][] => {
  const rows: string[][] = [];
  let [row, cell, isQuoted]: [string[], string, boolean] = [[], '', false];
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at] ?? '';
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = false;
    } else if (letter === '"') isQuoted = true;
    else if (letter === ',' || letter === '\r') {
      row.push(cell);
      cell = '';
      if (letter === '\r') {
        rows.push(row);
        row = [];
        at += 1;
      }
    } else cell += letter;
  }
  return rows;
};

describe('CSV', () => {
  test('has a header, even without rows', () => {
    expect(writeCsv({ at: 'moment', 'a,b': 'whole' }, [])).toBe('at,"a,b"\r\n');
  });

  test('leaves what is not known empty and writes numbers as they are', () => {
    const columns = { n: 'number', missing: 'number', yes: 'flag' } as const;
    expect(writeCsv(columns, [{ n: -1.5, missing: null, yes: false }])).toBe(
      'n,missing,yes\r\n-1.5,,false\r\n',
    );
  });

  const formulas = [
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '  =cmd',
    '\r=1',
    '＝1',
    '＋1',
    '－1',
    '＠x',
    '\n@x',
    '\0=1',
  ];
  // What stands behind them alone may be taken for the next cell.
  const separators = ['\tx', '\rx', '\nx'];
  test.each([...formulas, ...separators])('puts an apostrophe before %j', (text) => {
    expect(one(text).replace(/^"/, '').startsWith("'")).toBe(true);
  });

  test.each(['/a=b', 'a-b', 'https://a.example/?q=1', '0'])('leaves %j as it is', (text) => {
    expect(one(text)).toBe(text);
  });

  test('gives back every text when it is read', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1 }), (texts) => {
        const [, ...rows] = readCsv(
          writeCsv(
            { a: 'text', b: 'text' },
            texts.map((a) => ({ a, b: 'x' })),
          ),
        );
        expect(rows.map(([a = '']) => a)).toEqual(
          texts.map((text, row) => (rows[row]?.[0] === `'${text}` ? `'${text}` : text)),
        );
      }),
    );
  });
});
