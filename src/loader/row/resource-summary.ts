import { type ResourceEntry, readResourceEntries } from '../decode/resource-entry.ts';
import { readResourceTrie } from '../decode/resource-trie.ts';
import { siteOf } from '../enrich/site.ts';
import { createHostReader } from './resource-host.ts';
import { type ResourceType, resourceType } from './resource-type.ts';

/** Number of fetches and bytes on the wire. */
export interface Share {
  count: number;
  bytes: number;
}

/** What the resources of a page add up to; the document and beacons are not counted. */
export interface ResourceSummary {
  readonly all: Share;
  readonly byType: Readonly<Record<ResourceType, Share>>;
  readonly thirdParty: Share;
  readonly thirdPartyHosts: number;
  readonly encodedBytes: number;
  readonly decodedBytes: number;
  readonly cached: number;
  /** The first fetch of the resource that was asked for. */
  readonly wanted: ResourceEntry | null;
}

const PAGE = '6'.charCodeAt(0);
const BEACON = '8'.charCodeAt(0);

/**
 * Adds up `restiming` (`length` bytes of it) for a page of this host. `wantedUrl`: the resource whose fetch is asked for, empty: none.
 * Null when it cannot be read.
 */
export const summariseResources = (
  restiming: Uint8Array,
  length: number,
  hostname: string,
  wantedUrl: string,
): ResourceSummary | null => {
  const site = siteOf(hostname);
  const wantedBytes = Buffer.from(wantedUrl, 'utf8');
  const hostOf = createHostReader();
  const all = share();
  const byType = { script: share(), css: share(), img: share(), font: share(), xhr: share(), other: share() };
  const thirdParty = share();
  const foreignHosts = new Set<string>();
  let encodedBytes = 0;
  let decodedBytes = 0;
  let cached = 0;
  let wanted: ResourceEntry | null = null;

  const isRead = readResourceTrie(restiming, length, (url, urlLength, from, to) => {
    const host = hostOf(url, urlLength);
    const isForeign = host !== '' && host !== hostname && siteOf(host) !== site;
    const isWanted = wanted === null && urlLength > 0 && isSame(url, urlLength, wantedBytes);
    readResourceEntries(restiming, from, to, (entry) => {
      if (entry.initiator === PAGE || entry.initiator === BEACON) return;
      if (isWanted && wanted === null) wanted = entry;
      const bytes = entry.transferBytes ?? 0;
      add(all, bytes);
      add(byType[resourceType(entry, url, urlLength)], bytes);
      if (isForeign) {
        add(thirdParty, bytes);
        foreignHosts.add(host);
      }
      encodedBytes += entry.encodedBytes ?? 0;
      decodedBytes += entry.decodedBytes ?? 0;
      if (entry.transferBytes === 0 && (entry.encodedBytes ?? 0) > 0) cached++;
    });
  });
  if (!isRead) return null;
  return {
    all,
    byType,
    thirdParty,
    thirdPartyHosts: foreignHosts.size,
    encodedBytes,
    decodedBytes,
    cached,
    wanted,
  };
};

const share = (): Share => ({ count: 0, bytes: 0 });

const add = (to: Share, bytes: number): void => {
  to.count++;
  to.bytes += bytes;
};

const isSame = (url: Uint8Array, urlLength: number, wanted: Uint8Array): boolean => {
  if (urlLength !== wanted.length) return false;
  // From the end: addresses of one page begin alike.
  for (let index = urlLength - 1; index >= 0; index--) if (url[index] !== wanted[index]) return false;
  return true;
};
