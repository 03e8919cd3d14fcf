import { describe, expect, test } from 'vitest';
import { createTurns } from './turns.ts';

const never = new AbortController().signal;

/** A task that runs until it is told to end. */
const held = (started: string[], name: string) => {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return {
    end: () => resolve(name),
    fail: () => reject(new Error(name)),
    run: () => {
      started.push(name);
      return promise;
    },
  };
};

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('reports of one organization', () => {
  test('run some at a time, in the order in which they were asked for', async () => {
    const turns = createTurns(2);
    const started: string[] = [];
    const tasks = ['a', 'b', 'c', 'd'].map((name) => held(started, name));
    const asked = tasks.map(({ run }) => turns.take('shop', never, run));
    await settled();
    expect(started).toEqual(['a', 'b']);
    tasks[1]?.end();
    await settled();
    expect(started).toEqual(['a', 'b', 'c']);
    for (const { end } of tasks) end();
    expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('that fail hand their turn on', async () => {
    const turns = createTurns(1);
    const started: string[] = [];
    const [first, second] = [held(started, 'first'), held(started, 'second')];
    const failed = turns.take('shop', never, first.run);
    const next = turns.take('shop', never, second.run);
    first.fail();
    await expect(failed).rejects.toThrow('first');
    second.end();
    expect(await next).toBe('second');
    expect(await turns.take('shop', never, () => Promise.resolve('again'))).toBe('again');
  });

  test('that are given up while they wait leave their place to the others', async () => {
    const turns = createTurns(1);
    const started: string[] = [];
    const [first, second, third] = [held(started, '1'), held(started, '2'), held(started, '3')];
    const client = new AbortController();
    const asked = [
      turns.take('shop', never, first.run),
      turns.take('shop', client.signal, second.run),
      turns.take('shop', never, third.run),
    ];
    client.abort();
    await expect(asked[1]).rejects.toMatchObject({ code: 'REPORTS_REFUSED', status: 503 });
    first.end();
    third.end();
    await Promise.all([asked[0], asked[2]]);
    expect(started).toEqual(['1', '3']);
  });

  test('keep nobody else waiting', async () => {
    const turns = createTurns(1);
    const started: string[] = [];
    const mine = held(started, 'mine');
    const asked = turns.take('shop', never, mine.run);
    expect(await turns.take('news', never, () => Promise.resolve('theirs'))).toBe('theirs');
    mine.end();
    await asked;
  });

  test('are refused when a hundred wait, and taken again afterwards', async () => {
    const turns = createTurns(1);
    const started: string[] = [];
    const first = held(started, 'first');
    const asked = [turns.take('shop', never, first.run)];
    for (let number = 0; number < 100; number++)
      asked.push(turns.take('shop', never, () => Promise.resolve(String(number))));
    await expect(turns.take('shop', never, () => Promise.resolve('more'))).rejects.toMatchObject({
      status: 503,
      message: expect.stringContaining('try again'),
    });
    first.end();
    await Promise.all(asked);
    expect(await turns.take('shop', never, () => Promise.resolve('more'))).toBe('more');
  });
});
