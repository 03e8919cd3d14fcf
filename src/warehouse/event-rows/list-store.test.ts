import { describe, expect, test } from 'vitest';
import { ListStore } from './list-store.ts';
import { TextStore } from './text-store.ts';

const COUNT = 5_000;
const numbers = Array.from({ length: COUNT }, (_, index) => index + 0.5);

describe('lists of a slab', () => {
  test('keep their numbers, however many come together', () => {
    const store = new ListStore(3, false, { kind: 'number', as: 'Float64' }, new TextStore());
    store.put(0, [0.25]);
    store.put(2, numbers);
    expect([store.starts[2], store.ends[2]]).toEqual([1, COUNT + 1]);
    expect([...store.items.subarray(0, COUNT + 1)]).toEqual([0.25, ...numbers]);
  });

  test('keep keys and texts, however many come together', () => {
    const texts = new TextStore();
    const store = new ListStore(1, true, { kind: 'text' }, texts);
    store.put(0, new Map(numbers.map((number) => [`key ${number}`, `text ${number}`])));
    const last = COUNT - 1;
    expect(store.keyDictionary.texts[store.keys[last] ?? 0]).toBe(`key ${last}.5`);
    expect(texts.read(store.items[last * 2] ?? 0, store.items[last * 2 + 1] ?? 0)).toBe(`text ${last}.5`);
  });

  test('leave the memory of a flood when they are forgotten', () => {
    const store = new ListStore(1, false, { kind: 'number', as: 'UInt32' }, new TextStore());
    store.put(0, numbers);
    const kept = store.items.length;
    store.clear();
    expect(store.items.length).toBe(kept);
    for (let more = 0; more < 40; more++) store.put(0, numbers);
    store.clear();
    expect(store.items.length).toBeLessThan(COUNT);
  });
});
