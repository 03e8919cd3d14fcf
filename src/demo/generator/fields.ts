import type { Visit } from './visit.ts';

/** Parameters of a beacon, in the order of sending. */
export type Fields = Readonly<Record<string, string | number>>;

/** What every beacon of a page carries. */
export const base = (visit: Visit): Fields => ({
  'rt.si': visit.sessionId,
  'rt.ss': visit.sessionStart,
  'rt.sl': visit.pagesInSession,
  u: `https://${visit.site.host}${visit.path}`,
  ...(visit.referrer === '' ? {} : { r: visit.referrer }),
  v: '1.815.60',
  sv: '15',
  sm: 'p',
  pid: visit.pageId,
  'ua.plt': visit.profile.platform,
  'ua.vnd': visit.profile.vendor,
  p_type: visit.pageType,
  p_gen: 'mage2',
  'vis.st': 'visible',
  ...(visit.site.trace === '' ? {} : { brum_trace: visit.site.trace }),
});

/** Writes parameters as Boomerang does. */
export const formOf = (fields: Fields): string =>
  Object.entries(fields)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&');
