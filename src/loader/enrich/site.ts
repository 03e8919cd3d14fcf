/** Second-level labels under which countries register names: `example.co.uk` is a site, `co.uk` is not. */
const REGISTRY_LABELS: ReadonlySet<string> = new Set(
  'ac co com edu gen go gob gov gr id in k12 ltd me mil net ne nom or org plc sch web'.split(' '),
);

/**
 * The site that a host name belongs to: its last two labels, three where the country registers below a second level. A rule of thumb
 * without the public suffix list: good enough to tell own resources from those of others.
 */
export const siteOf = (hostname: string): string => {
  const last = hostname.lastIndexOf('.');
  if (last <= 0 || hostname.endsWith(']') || isDigit(hostname.charCodeAt(hostname.length - 1)))
    return hostname;
  const second = hostname.lastIndexOf('.', last - 1);
  if (second === -1) return hostname;
  const isCountry = hostname.length - last === 3;
  if (!isCountry || !REGISTRY_LABELS.has(hostname.slice(second + 1, last))) return hostname.slice(second + 1);
  const third = hostname.lastIndexOf('.', second - 1);
  return third === -1 ? hostname : hostname.slice(third + 1);
};

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
