import type { ResourceEntry } from './entry.ts';

/** Kinds of resources that are told apart. */
export type ResourceType = 'script' | 'css' | 'img' | 'font' | 'xhr' | 'other';

/** Type of a fetch: what asked for it where that is clear (a script, an image), else the ending of its address. */
export const resourceType = (entry: ResourceEntry, url: Uint8Array, urlLength: number): ResourceType => {
  const known = BY_INITIATOR[entry.initiator];
  if (known !== undefined) return known;
  if (entry.linkRelation === STYLE_SHEET) return 'css';
  return BY_ENDING.get(endingOf(url, urlLength)) ?? 'other';
};

const STYLE_SHEET = 4;

/** Initiators that say the type by themselves: script, XMLHttpRequest, fetch, image, image in SVG, input, font. */
const BY_INITIATOR: readonly (ResourceType | undefined)[] = (() => {
  const types: (ResourceType | undefined)[] = Array.from({ length: 256 });
  for (const [initiators, type] of [
    ['3', 'script'],
    ['59', 'xhr'],
    ['17c', 'img'],
    ['m', 'font'],
  ] as const)
    for (const code of Buffer.from(initiators)) types[code] = type;
  return types;
})();

const LONGEST_ENDING = 5;
const DOT = 0x2e;
const QUESTION_MARK = 0x3f;
const LOWER_CASE = 0x20;

/** Ending of the path as a number: its letters, in lower case, as digits of base 256. 0: none, or too long. */
const endingOf = (url: Uint8Array, urlLength: number): number => {
  let ending = 0;
  let letters = -1;
  for (let index = 0; index < urlLength; index++) {
    const byte = url[index] ?? 0;
    if (byte === QUESTION_MARK) break;
    if (byte === DOT) {
      ending = 0;
      letters = 0;
    } else if (letters >= 0 && ++letters <= LONGEST_ENDING) ending = ending * 256 + (byte | LOWER_CASE);
  }
  return letters > LONGEST_ENDING ? 0 : ending;
};

const BY_ENDING: ReadonlyMap<number, ResourceType> = new Map(
  (
    [
      ['script', 'js mjs cjs'],
      ['css', 'css'],
      ['img', 'png jpg jpeg gif webp avif svg ico bmp jxl'],
      ['font', 'woff woff2 ttf otf eot'],
    ] as const
  ).flatMap(([type, endings]) =>
    endings.split(' ').map((ending): [number, ResourceType] => {
      const bytes = Buffer.from(`.${ending}`);
      return [endingOf(bytes, bytes.length), type];
    }),
  ),
);
