import { describe, expect, test } from 'vitest';
import { type PaletteEntry, ranked } from './palette-entries.ts';

const entries: readonly PaletteEntry[] = [
  'Data health',
  'Overview',
  'Distributions',
  'shop.example',
  'Demo Shop',
].map((words) => ({ kind: 'Page', words, icon: 'pages', href: `/${words}` }));
const found = (search: string): readonly string[] => ranked(entries, search).map(({ words }) => words);

describe('the palette', () => {
  test('lists everything before anything is typed', () => {
    expect(found(' ')).toHaveLength(entries.length);
  });

  test('puts names that begin with the letters before names that contain them', () => {
    expect(found('shop')).toEqual(['shop.example', 'Demo Shop']);
  });

  test('finds letters in order', () => {
    expect(found('dhl')).toEqual(['Data health']);
  });

  test('finds nothing for letters that are nowhere', () => {
    expect(found('zz')).toEqual([]);
  });
});
