import { type ResourceEntry, readResourceEntries } from '../decode/resource-entry.ts';
import { readResourceTrie } from '../decode/resource-trie.ts';
import { siteOf } from '../enrich/site.ts';
import { resourceType } from './resource-type.ts';

/** Number of fetches and bytes on the wire. */
export interface Share {
  count: number;
  bytes: number;
}

/** What the resources of a page add up to; the document and beacons are not counted. */
export interface ResourceSummary {
  readonly all: Share;
  readonly script: Share;
  readonly css: Share;
  readonly img: Share;
  readonly font: Share;
  readonly xhr: Share;
  readonly other: Share;
  readonly thirdParty: Share;
  readonly thirdPartyHosts: number;
  readonly encodedBytes: number;
  readonly decodedBytes: number;
  readonly cached: number;
  /** The fetch of the resource that was asked for: the first of its fetches that ended. */
  readonly wanted: ResourceEntry | null;
}

const PAGE = '6'.charCodeAt(0);
const BEACON = '8'.charCodeAt(0);

/**
 * Adds up `restiming` for a page of this host. `wantedUrl`: the resource whose fetch is asked for, empty: none. Null when the text
 * cannot be read.
 */
export const summariseResources = (
  restiming: string,
  hostname: string,
  wantedUrl: string,
): ResourceSummary | null => {
  const site = siteOf(hostname);
  const share = (): Share => ({ count: 0, bytes: 0 });
  const summary = {
    all: share(),
    script: share(),
    css: share(),
    img: share(),
    font: share(),
    xhr: share(),
    other: share(),
    thirdParty: share(),
  };
  const foreignHosts = new Set<string>();
  let encodedBytes = 0;
  let decodedBytes = 0;
  let cached = 0;
  let wanted: ResourceEntry | null = null;

  const isRead = readResourceTrie(restiming, (url, entries) => {
    const host = hostOf(url);
    const isForeign = host !== '' && host !== hostname && siteOf(host) !== site;
    const isWanted = wantedUrl !== '' && url === wantedUrl;
    readResourceEntries(entries, (entry) => {
      if (isWanted && wanted === null && entry.initiator !== PAGE) wanted = entry;
      if (entry.initiator === PAGE || entry.initiator === BEACON) return;
      const bytes = entry.transferBytes ?? 0;
      add(summary.all, bytes);
      add(summary[resourceType(entry, url)], bytes);
      if (isForeign) {
        add(summary.thirdParty, bytes);
        foreignHosts.add(host);
      }
      encodedBytes += entry.encodedBytes ?? 0;
      decodedBytes += entry.decodedBytes ?? 0;
      if (entry.transferBytes === 0 && (entry.encodedBytes ?? 0) > 0) cached++;
    });
  });
  if (!isRead) return null;
  return { ...summary, thirdPartyHosts: foreignHosts.size, encodedBytes, decodedBytes, cached, wanted };
};

const add = (share: Share, bytes: number): void => {
  share.count++;
  share.bytes += bytes;
};

/** Host of an absolute address as it is written, lower case, without port; empty when there is none. */
const hostOf = (url: string): string => {
  const start = url.indexOf('//') + 2;
  if (start === 1) return '';
  let end = start;
  while (end < url.length && !isHostEnd(url.charCodeAt(end))) end++;
  return url.slice(start, end).toLowerCase();
};

/** `/`, `:`, `?`, `#`. */
const isHostEnd = (code: number): boolean => code === 0x2f || code === 0x3a || code === 0x3f || code === 0x23;
