const MAX_QUOTED = 60;

/** A text from outside for a message: in quotes with escapes, cut after 60 characters. */
export const quoted = (text: string): string =>
  JSON.stringify(text.length > MAX_QUOTED ? `${text.slice(0, MAX_QUOTED)}…` : text);
