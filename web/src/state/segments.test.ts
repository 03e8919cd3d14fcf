import { describe, expect, test } from 'vitest';
import { createSegments, readSegments, writeSegments } from './segments.ts';

const phones = { name: 'Phones', filters: [{ dimension: 'device', op: 'is' as const, values: ['mobile'] }] };

const createMemory = () => {
  const kept = new Map<string, string>();
  return {
    read: (name: string) => kept.get(name) ?? null,
    write: (name: string, value: string | null) =>
      value === null ? void kept.delete(name) : void kept.set(name, value),
  };
};

describe('segments', () => {
  test('come back as they were kept', () => {
    expect(readSegments(writeSegments([phones]))).toEqual([phones]);
  });

  test.each(['', '{', 'null', '{}', '[1]', '[{"name":"x"}]', '[{"name":"x","filters":["nonsense"]}]'])(
    '%j holds none',
    (text) => {
      expect(readSegments(text)).toEqual([]);
    },
  );

  test('of one organization are not those of another', () => {
    const storage = createMemory();
    createSegments(storage, 'demo_shop').save(phones);
    expect(createSegments(storage, 'demo_shop').list.value).toEqual([phones]);
    expect(createSegments(storage, 'demo_news').list.value).toEqual([]);
  });

  test('replace those of the same name', () => {
    const segments = createSegments(createMemory(), 'demo_shop');
    segments.save(phones);
    segments.save({ ...phones, filters: [{ dimension: 'device', op: 'is_not', values: ['desktop'] }] });
    expect(segments.list.value).toHaveLength(1);
    segments.remove('Phones');
    expect(segments.list.value).toEqual([]);
  });
});
