import type { ResourceEntry } from '../decode/resource-entry.ts';

/** Kinds of resources that are told apart. */
export type ResourceType = 'script' | 'css' | 'img' | 'font' | 'xhr' | 'other';

const BY_EXTENSION: ReadonlyMap<string, ResourceType> = new Map([
  ...words('js mjs cjs', 'script'),
  ...words('css', 'css'),
  ...words('png jpg jpeg gif webp avif svg ico bmp jxl', 'img'),
  ...words('woff woff2 ttf otf eot', 'font'),
]);

function words(extensions: string, type: ResourceType): readonly (readonly [string, ResourceType])[] {
  return extensions.split(' ').map((extension) => [extension, type] as const);
}

/** Initiators that say the type by themselves: script, XMLHttpRequest, fetch, image, image in SVG, input, font. */
const BY_INITIATOR: ReadonlyMap<number, ResourceType> = new Map(
  '3:script 5:xhr 9:xhr 1:img 7:img c:img m:font'
    .split(' ')
    .map((pair) => [pair.charCodeAt(0), pair.slice(2) as ResourceType] as const),
);
const STYLE_SHEET = 4;

/** Type of a fetch: what asked for it where that is clear (a script, an image), else the ending of its address. */
export const resourceType = (entry: ResourceEntry, url: Uint8Array, urlLength: number): ResourceType => {
  const known = BY_INITIATOR.get(entry.initiator);
  if (known !== undefined) return known;
  if (entry.linkRelation === STYLE_SHEET) return 'css';
  return BY_EXTENSION.get(extensionOf(url, urlLength)) ?? 'other';
};

const LONGEST = 5;
const DOT = 0x2e;
const QUESTION_MARK = 0x3f;

const extensionOf = (url: Uint8Array, urlLength: number): string => {
  const query = url.indexOf(QUESTION_MARK);
  const end = query === -1 || query > urlLength ? urlLength : query;
  for (let at = end - 1; at >= 0 && at >= end - LONGEST - 1; at--)
    if (url[at] === DOT) return String.fromCharCode(...url.subarray(at + 1, end)).toLowerCase();
  return '';
};
