/** The canonical spelling of a header name, as Go's: `user-agent` → `User-Agent`. Names that are no tokens stay as they are. */
export const canonicalName = (name: string): string =>
  /^[\w!#$%&'*+\-.^`|~]+$/.test(name)
    ? name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
    : name;

/**
 * Headers as the text of a JSON object, canonical names to lists of values: `{"User-Agent":["…"],"X-Forwarded-For":["a","b"]}`.
 * Names in order of their first appearance, values of a name in order.
 */
export const headersText = (
  headers: readonly (readonly [name: string, value: string])[],
  canonical: (name: string) => string = canonicalName,
): string => {
  const lists = new Map<string, string>();
  for (const [name, value] of headers) {
    const key = canonical(name);
    const before = lists.get(key);
    lists.set(key, before === undefined ? JSON.stringify(value) : `${before},${JSON.stringify(value)}`);
  }
  let text = '';
  for (const [name, values] of lists) text += `${text === '' ? '' : ','}${JSON.stringify(name)}:[${values}]`;
  return `{${text}}`;
};

/** The headers of such a text, lower-case names; null: the text is not one. Bounded by the length of the line it stands in. */
export const parseHeadersText = (text: string): [name: string, value: string][] | null => {
  const lists = parseObject(text);
  if (lists === null) return null;
  const headers: [string, string][] = [];
  for (const [name, values] of Object.entries(lists)) {
    if (!Array.isArray(values)) return null;
    for (const value of values) {
      if (typeof value !== 'string') return null;
      headers.push([name.toLowerCase(), value]);
    }
  }
  return headers;
};

/** The JSON object in a text; null: the text is something else. Keys are hostile: use `Object.entries` on it, nothing else. */
export const parseObject = (text: string): object | null => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
};
