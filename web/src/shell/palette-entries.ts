import type { IconName } from '../parts/icon.tsx';

/** Somewhere to go. */
export interface PaletteEntry {
  readonly kind: 'Page' | 'Site' | 'Page group' | 'Address' | 'Segment' | 'Organization';
  readonly words: string;
  readonly icon: IconName;
  readonly href: string;
}

/** Fewer are read than are listed. */
const MOST = 50;

/** The entries whose words have all letters of the search in order, best first: beginning of the name, of a word, anywhere, scattered. */
export const ranked = (entries: readonly PaletteEntry[], search: string): readonly PaletteEntry[] => {
  const looked = search.trim().toLowerCase();
  if (looked === '') return entries.slice(0, MOST);
  return entries
    .map((entry) => ({ entry, rank: rankOf(entry.words.toLowerCase(), looked) }))
    .filter(({ rank }) => rank < UNFIT)
    .toSorted((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ entry }) => entry);
};

const UNFIT = 4;

const rankOf = (words: string, looked: string): number => {
  if (words.startsWith(looked)) return 0;
  const at = words.indexOf(looked);
  if (at > 0) return /[\s.\-/]/.test(words[at - 1] ?? '') ? 1 : 2;
  return isScattered(words, looked) ? 3 : UNFIT;
};

const isScattered = (words: string, looked: string): boolean => {
  let from = 0;
  for (const letter of looked) {
    const at = words.indexOf(letter, from);
    if (at === -1) return false;
    from = at + 1;
  }
  return true;
};
