/** A prefix made of a name: `Fashion BG` → `fashion_bg`; '' when none of its letters can stand in one. */
export const prefixOf = (name: string): string =>
  name
    .normalize('NFKD')
    .replaceAll(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[_0-9]+|_+$/g, '')
    .slice(0, 31);
