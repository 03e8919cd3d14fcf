/** An organization's own hue, 0 to 359: always the same for the same id. Lightness and saturation come from the style, so words on it are readable. */
export const hueOf = (id: string): number => {
  let hash = 7;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3_600_017;
  return hash % 360;
};
