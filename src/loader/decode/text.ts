const CONTROL = /\p{Cc}/u;
const CONTROLS = /\p{Cc}+/gu;

/**
 * Text as it may be stored: no control characters (each run becomes a space), well-formed Unicode, no blanks around it, at most
 * `maxLength` UTF-16 units, never half a character.
 */
export const cleanText = (text: string, maxLength: number): string => {
  let clean = text.length > maxLength * 2 ? text.slice(0, maxLength * 2) : text;
  if (CONTROL.test(clean)) clean = clean.replace(CONTROLS, ' ');
  clean = clean.trim();
  if (clean.length > maxLength) clean = clean.slice(0, maxLength);
  return clean.isWellFormed() ? clean : trimSurrogate(clean).toWellFormed();
};

const trimSurrogate = (text: string): string => {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
};
