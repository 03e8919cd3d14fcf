/** From blue-green over blue and violet to magenta: the other hues are dull when they are dark, or say good and poor. */
const FIRST_HUE = 175;
const HUES = 175;

/** An organization's own hue: always the same for the same id. Lightness and saturation come from the style, so words on it are readable. */
export const hueOf = (id: string): number => {
  let hash = 7;
  for (const character of id) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 3_600_017;
  return FIRST_HUE + (hash % HUES);
};
