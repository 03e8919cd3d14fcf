import type { LineMeta } from './line.ts';

/** Writes JSON texts that stand in a JSON string, as `JSON.stringify(JSON.stringify(…))` gives them: with two thirds of it from memory. */
export interface NestedJson {
  /** The text of headers (see `headersText`) as a JSON string. */
  headers(headers: readonly (readonly [name: string, value: string])[]): string;
  /** The member `rumbrella` as a JSON string. */
  meta(meta: LineMeta): string;
}

/** Texts that are remembered: user agents, languages, addresses of pages, traces. Longer ones are not. */
const MAX_KNOWN = 4_096;
const MAX_KNOWN_LENGTH = 512;

/** Creates it. `canonical` and `slowHeaders`: what `headers` falls back to where a name comes twice. */
export const createNestedJson = (
  canonical: (name: string) => string,
  slowHeaders: (headers: readonly (readonly [name: string, value: string])[]) => string,
): NestedJson => {
  const known = new Map<string, string>();

  /** A string in a text in a string: `\"a\"`. */
  const stringOf = (text: string): string => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const nested = inner(JSON.stringify(text));
    if (text.length > MAX_KNOWN_LENGTH) return nested;
    if (known.size >= MAX_KNOWN) known.clear();
    known.set(text, nested);
    return nested;
  };

  const valueOf = (value: unknown): string => {
    if (typeof value === 'string') return stringOf(value);
    return typeof value === 'number' ? String(value) : inner(JSON.stringify(value));
  };

  return {
    headers: (headers) => {
      const names: string[] = [];
      let members = '';
      for (const [name, value] of headers) {
        const key = canonical(name);
        if (names.includes(key)) return JSON.stringify(slowHeaders(headers));
        names.push(key);
        members += `${members === '' ? '' : ','}${stringOf(key)}:[${stringOf(value)}]`;
      }
      return `"{${members}}"`;
    },
    meta: (meta) => {
      let members = '';
      for (const name of Object.keys(meta) as (keyof LineMeta)[])
        members += `${members === '' ? '' : ','}${stringOf(name)}:${valueOf(meta[name])}`;
      return `"{${members}}"`;
    },
  };
};

/** A text as it stands in a JSON string. */
const inner = (text: string): string => JSON.stringify(text).slice(1, -1);
