import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readServerTiming, readServerTimingNames } from './server-timing.ts';

const NAMES = readServerTimingNames("~(~(~'cdn-cache~'HIT~'MISS)~'db~(~'edge~'Sofia*201))") ?? [];

describe('server timing', () => {
  test('of an entry refers to the names of its beacon; places that are 0 are left out', () => {
    expect(readServerTiming('0,0:.1,12.5:1,.5:2,3', NAMES, 10)).toEqual([
      { name: 'cdn-cache', duration: 0, description: 'HIT' },
      { name: 'cdn-cache', duration: 0, description: 'MISS' },
      { name: 'db', duration: 12.5, description: '' },
      { name: 'edge', duration: 0.5, description: 'Sofia 1' },
      { name: 'cdn-cache', duration: 3, description: 'HIT' },
    ]);
  });

  test('has names in JSON where there was no compression', () => {
    const names = readServerTimingNames('[["a","x"],"b"]') ?? [];
    expect(readServerTiming('1e-7,2:1.9', names, 10)).toEqual([
      { name: 'a', duration: 1e-7, description: 'x' },
      { name: 'b', duration: 2, description: '' },
    ]);
  });

  test('leaves out what refers to nothing or is no number', () => {
    expect(readServerTiming('1:9,x,:1,-1,1:1:1,1:-1,1e999,NaN,,7', NAMES, 100)).toEqual([
      { name: 'cdn-cache', duration: 7, description: 'HIT' },
    ]);
    expect(['', '~(a~1)', '{}', "~'a"].map(readServerTimingNames)).toEqual([null, null, null, null]);
  });

  test('is read as it was written', () => {
    // Letters only: how texts are escaped is JSURL's.
    const word = fc.stringMatching(/^[a-z]{1,8}$/);
    const metrics = fc.uniqueArray(fc.tuple(word, fc.uniqueArray(word, { minLength: 1, maxLength: 5 })), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 12,
    });
    fc.assert(
      fc.property(metrics, fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat({ max: 10_000 }))), (all, picked) => {
        const lookup = `~(${all.map(([name, texts]) => `~(~'${name}${texts.map((text) => `~'${text}`).join('')})`).join('')})`;
        const told = picked.map(([first, second, tenths]) => {
          const metric = first % all.length;
          const [name = '', texts = []] = all[metric] ?? [];
          const description = second % texts.length;
          const duration = tenths / 10;
          const digits = String(duration).replace(/^0\./, '.');
          const key = `${metric || ''}${description === 0 ? '' : `.${description}`}`;
          return {
            text: `${digits}${key === '' ? '' : `:${key}`}`,
            timing: { name, duration, description: texts[description] },
          };
        });
        const text = told.map((each) => each.text).join(',');
        expect(readServerTiming(text, readServerTimingNames(lookup) ?? [], 1_000)).toEqual(
          told.map(({ timing }) => timing),
        );
      }),
    );
  });

  test('of any text has no more metrics than the limit', () => {
    const mark = fc.constantFrom(':', '.', ',', '0', '1', '99999', 'e', '-', 'x');
    const text = fc.array(mark, { maxLength: 60 }).map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(text, fc.string()), fc.string(), fc.nat({ max: 5 }), (any, names, limit) => {
        const read = readServerTiming(any, readServerTimingNames(names) ?? NAMES, limit);
        expect(read.length).toBeLessThanOrEqual(limit);
        expect(read.every(({ duration }) => Number.isFinite(duration) && duration >= 0)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
