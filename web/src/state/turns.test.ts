import { describe, expect, test } from 'vitest';
import { createTurns, type Turn } from './turns.ts';

describe('the order of requests', () => {
  /** Turns, what went out, and the steps that come after rendering. */
  const start = () => {
    const steps: (() => void)[] = [];
    const out: string[] = [];
    const patience: (() => void)[] = [];
    const turns = createTurns(
      (run) => steps.push(run),
      (run) => patience.push(run),
    );
    return {
      out,
      rendered: () => steps.splice(0).forEach((run) => run()),
      tooLong: () => patience.splice(0).forEach((run) => run()),
      /** Asks as a component does; what it gives back is that the answer came. */
      ask: (name: string, turn: Turn) => {
        const leave = turns.enter(turn);
        const giveUp = turns.whenFree(turn, () => out.push(name));
        return { answered: leave, gone: () => [giveUp(), leave()] };
      },
    };
  };

  test('what comes first goes out at once, the rest after its answer was rendered, in the order in which it was asked for', () => {
    const { ask, out, rendered } = start();
    const chart = ask('chart', 'first');
    ask('a', 'in-turn');
    ask('b', 'in-turn');
    expect(out).toEqual(['chart']);
    chart.answered();
    expect(out).toEqual(['chart']);
    rendered();
    expect(out).toEqual(['chart', 'a', 'b']);
  });

  test('without anything before it, everything goes out', () => {
    const { ask, out, rendered } = start();
    ask('table', 'in-turn');
    expect(out).toEqual([]);
    rendered();
    expect(out).toEqual(['table']);
  });

  test('turns follow each other in whatever order they were asked for, and those of one turn go out together', () => {
    const { ask, out, rendered } = start();
    ask('table', 'in-turn');
    const compared = ask('compared', 'third');
    const cards = ask('cards', 'second');
    const more = ask('more', 'second');
    const chart = ask('chart', 'first');
    rendered();
    expect(out).toEqual(['chart']);
    chart.answered();
    rendered();
    expect(out).toEqual(['chart', 'cards', 'more']);
    cards.answered();
    rendered();
    expect(out).toEqual(['chart', 'cards', 'more']);
    more.answered();
    rendered();
    expect(out).toEqual(['chart', 'cards', 'more', 'compared']);
    compared.answered();
    rendered();
    expect(out).toEqual(['chart', 'cards', 'more', 'compared', 'table']);
  });

  test('what takes too long is not waited for', () => {
    const { ask, out, rendered, tooLong } = start();
    const chart = ask('chart', 'first');
    ask('cards', 'second');
    rendered();
    expect(out).toEqual(['chart']);
    tooLong();
    rendered();
    expect(out).toEqual(['chart', 'cards']);
    chart.answered();
    ask('another chart', 'first');
    ask('another table', 'in-turn');
    rendered();
    expect(out).toEqual(['chart', 'cards', 'another chart']);
  });

  test('nobody waits for what goes beside', () => {
    const { ask, out, rendered } = start();
    const chart = ask('chart', 'first');
    ask('notes', 'beside');
    ask('compared', 'third');
    expect(out).toEqual(['chart']);
    chart.answered();
    rendered();
    expect(out).toEqual(['chart', 'notes', 'compared']);
  });

  test('what the first answer makes a page ask for goes before what waited already', () => {
    const { ask, out, rendered } = start();
    const code = ask('code of the page', 'first');
    ask('sites', 'third');
    code.answered();
    const chart = ask('chart', 'first');
    rendered();
    expect(out).toEqual(['code of the page', 'chart']);
    chart.answered();
    rendered();
    expect(out).toEqual(['code of the page', 'chart', 'sites']);
  });

  test('what is given up neither goes out nor keeps anybody waiting', () => {
    const { ask, out, rendered } = start();
    const chart = ask('chart', 'first');
    const cards = ask('cards', 'second');
    ask('table', 'in-turn');
    cards.gone();
    chart.gone();
    chart.answered();
    rendered();
    expect(out).toEqual(['chart', 'table']);
    ask('next', 'second');
    rendered();
    expect(out.at(-1)).toBe('next');
  });
});
