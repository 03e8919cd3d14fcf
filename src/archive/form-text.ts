/** Pairs as form text. A lone surrogate, which no UTF-8 text can hold, becomes U+FFFD. */
export const formText = (pairs: readonly (readonly [string, string])[]): string =>
  pairs.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join('&');

const encodePart = (text: string): string => encodeURIComponent(text.toWellFormed());
