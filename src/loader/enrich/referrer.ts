import { siteOf } from './site.ts';

/** Where a visitor came from. */
export type ReferrerType = 'direct' | 'internal' | 'search' | 'social' | 'other';

const SEARCH: ReadonlySet<string> = new Set(
  'google bing duckduckgo yahoo baidu yandex ya ecosia qwant seznam naver startpage brave ask aol sogou so perplexity'.split(
    ' ',
  ),
);
const SOCIAL: ReadonlySet<string> = new Set(
  `facebook instagram twitter x t linkedin lnkd reddit pinterest tiktok youtube youtu threads whatsapp wa telegram tumblr
   vk ok xing mastodon bsky snapchat quora messenger discord weibo`.split(/\s+/),
);
/** Sites whose short first label means somebody else elsewhere: they count with this name only. */
const EXACT: ReadonlyMap<string, string> = new Map([
  ['x', 'x.com'],
  ['t', 't.co'],
  ['so', 'so.com'],
  ['ya', 'ya.ru'],
  ['ok', 'ok.ru'],
  ['vk', 'vk.com'],
  ['ask', 'ask.com'],
  ['wa', 'wa.me'],
  ['brave', 'brave.com'],
]);
/** Mail and other services of the search engines are no searches. */
const NO_SEARCH: ReadonlySet<string> = new Set(['mail', 'accounts', 'docs', 'drive', 'news', 'translate']);

/** Type of a referrer by its host name (empty: none) and that of the page. */
export const referrerType = (referrerHost: string, pageHost: string): ReferrerType => {
  if (referrerHost === '') return 'direct';
  const site = siteOf(referrerHost);
  if (referrerHost === pageHost || site === siteOf(pageHost)) return 'internal';
  const [label = ''] = site.split('.', 1);
  const exact = EXACT.get(label);
  if (exact !== undefined && exact !== site) return 'other';
  const [service = ''] = referrerHost.split('.', 1);
  if (SEARCH.has(label)) return NO_SEARCH.has(service) ? 'other' : 'search';
  return SOCIAL.has(label) ? 'social' : 'other';
};
