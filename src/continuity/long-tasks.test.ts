import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readLongTasks } from './long-tasks.ts';

describe('the list of long tasks', () => {
  test('tells when each began, how long it took and whose it was', () => {
    expect(readLongTasks("~(~(a~(~(a~0~s~'~t~0))~d~'6y~n~1~s~'1p7))", 100)).toEqual([
      {
        start: 2_203,
        duration: 250,
        origin: 'self',
        attribution: [{ work: 'unknown', container: 'unknown', name: '', id: '', src: '' }],
      },
    ]);
  });

  test('tells of the frame that kept the page waiting', () => {
    const json =
      '[{"s":"a","d":"1e","n":6,"a":[{"a":1,"t":1,"i":"ad","n":"top"},{"a":2,"t":3,"s":"https://a.b/"}]},{"s":"b","d":"1f","n":99}]';
    expect(readLongTasks(json, 100)).toEqual([
      {
        start: 10,
        duration: 50,
        origin: 'cross-origin-descendant',
        attribution: [
          { work: 'script', container: 'iframe', name: 'top', id: 'ad', src: '' },
          { work: 'layout', container: 'object', name: '', id: '', src: 'https://a.b/' },
        ],
      },
      { start: 11, duration: 51, origin: 'unknown', attribution: [] },
    ]);
  });

  test('leaves out tasks without times and refuses what is no list', () => {
    expect(readLongTasks('[{"s":"a"},{"d":"a"},{"s":"-1","d":"1"},7,null,{"s":"a","d":"b"}]', 100)).toEqual([
      { start: 10, duration: 11, origin: 'unknown', attribution: [] },
    ]);
    expect(['', '~(a~1)', '{}', '~(~', 'null'].map((text) => readLongTasks(text, 100))).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test('is read as it was written', () => {
    const task = fc.record({
      start: fc.nat(),
      duration: fc.nat({ max: 10_000 }),
      origin: fc.nat({ max: 8 }),
    });
    fc.assert(
      fc.property(fc.array(task, { maxLength: 50 }), (tasks) => {
        const items = tasks.map(
          ({ start, duration, origin }) =>
            `~(d~'${duration.toString(36)}~n~${origin}~s~'${start.toString(36)})`,
        );
        const read = readLongTasks(items.length === 0 ? '~(~)' : `~(${items.join('')})`, 100);
        expect(read?.map(({ start, duration }) => [start, duration])).toEqual(
          tasks.map(({ start, duration }) => [start, duration]),
        );
      }),
    );
  });

  test('of any text has no more tasks than the limit', () => {
    const mark = fc.constantFrom('~', '(', ')', "'", 'a', 's', 'd', 'n', '1', '~(~(', "~(d~'1~s~'1)", '*');
    const text = fc.array(mark, { maxLength: 60 }).map((parts) => parts.join(''));
    const json = fc.jsonValue().map((value) => JSON.stringify(value));
    fc.assert(
      fc.property(fc.oneof(text, json, fc.string()), fc.nat({ max: 5 }), (any, limit) => {
        expect(readLongTasks(any, limit)?.length ?? 0).toBeLessThanOrEqual(limit);
      }),
      { numRuns: 1_000 },
    );
    expect(readLongTasks(`~(${"~(d~'1~s~'1)".repeat(500)})`, 20)).toHaveLength(20);
  });
});
