import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createChain, type Link } from './chain.ts';

describe('a chain', () => {
  test('gives its members in the order in which they came', () => {
    const chain = createChain<number>();
    for (const value of [1, 2, 3]) chain.add(value);
    expect([chain.first(), chain.shift(), chain.shift(), chain.shift(), chain.shift()]).toEqual([
      1,
      1,
      2,
      3,
      undefined,
    ]);
  });

  test('forgets whoever leaves, once, however often he says so', () => {
    const chain = createChain<string>();
    const links = ['a', 'b', 'c'].map((value) => chain.add(value));
    links[1]?.leave();
    links[1]?.leave();
    expect([chain.shift(), chain.shift(), chain.shift()]).toEqual(['a', 'c', undefined]);
    links[0]?.leave();
    chain.add('d');
    links[2]?.leave();
    expect(chain.first()).toBe('d');
  });

  test('is what a Set is, whoever comes and leaves', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant('add'), fc.constant('shift'), fc.nat(50))), (steps) => {
        const chain = createChain<number>();
        const model = new Set<number>();
        const links: Link[] = [];
        for (const step of steps)
          if (step === 'add') {
            links.push(chain.add(links.length));
            model.add(links.length - 1);
          } else if (step === 'shift') {
            const [first] = model;
            if (first !== undefined) model.delete(first);
            expect(chain.shift()).toBe(first);
          } else if (typeof step === 'number') {
            links[step]?.leave();
            model.delete(step);
          }
        const left: number[] = [];
        for (let value = chain.shift(); value !== undefined; value = chain.shift()) left.push(value);
        expect(left).toEqual([...model]);
      }),
    );
  });
});
