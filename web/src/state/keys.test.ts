import { describe, expect, test } from 'vitest';
import { advance, type KeyBinding, nameOf } from './keys.ts';

const binding = (keys: string): KeyBinding => ({ keys, words: keys, group: '', run: () => undefined });
const bindings = ['d', 'g d', 'g o', '?', 'mod+k'].map(binding);
const event = (
  key: string,
  held: Partial<Record<'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey', boolean>> = {},
) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  ...held,
});

describe('keys', () => {
  test('mean something alone, and something else after another', () => {
    expect(advance(bindings, '', 'd').binding?.keys).toBe('d');
    expect(advance(bindings, '', 'g')).toEqual({ binding: null, pending: 'g' });
    expect(advance(bindings, 'g', 'd').binding?.keys).toBe('g d');
  });

  test('mean what they mean alone after a beginning that they do not continue', () => {
    expect(advance(bindings, 'g', '?').binding?.keys).toBe('?');
  });

  test('of the page that is shown win over those of the frame', () => {
    const own = binding('d');
    expect(advance([...bindings, own], '', 'd').binding).toBe(own);
  });

  test('have one name on every system', () => {
    expect(nameOf(event('k', { metaKey: true }))).toBe('mod+k');
    expect(nameOf(event('k', { ctrlKey: true }))).toBe('mod+k');
    expect(nameOf(event('Escape', { shiftKey: true }))).toBe('shift+Escape');
    expect(nameOf(event('?', { shiftKey: true }))).toBe('?');
    expect(nameOf(event('D'))).toBe('d');
  });

  test('that the browser or the system wants are left to them', () => {
    expect(nameOf(event('Shift', { shiftKey: true }))).toBeNull();
    expect(nameOf(event('d', { altKey: true }))).toBeNull();
    expect(nameOf(event('D', { shiftKey: true }))).toBeNull();
    expect(nameOf(event('T', { ctrlKey: true, shiftKey: true }))).toBeNull();
  });
});
