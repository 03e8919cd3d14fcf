import {
  createEntryRoom,
  type ResourceEntry,
  type ResourceType,
  readResourceEntries,
  readResourceTrie,
  resourceType,
} from '#resource-timing';
import { createForeignHosts } from './foreign-hosts.ts';

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
 * Adds up `restiming` (`length` bytes of it) for a page of this host. `url` is room for the longest
 * address that is read. `wantedUrl`: the resource whose fetch is asked for, empty: none.
 * Null when it cannot be read.
 */
export const summariseResources = (
  restiming: Uint8Array,
  length: number,
  url: Uint8Array,
  hostname: string,
  wantedUrl: string,
): ResourceSummary | null => {
  const wantedBytes = Buffer.from(wantedUrl, 'utf8');
  const foreignHosts = createForeignHosts(hostname);
  const all = share();
  const byType = { script: share(), css: share(), img: share(), font: share(), xhr: share(), other: share() };
  const thirdParty = share();
  let encodedBytes = 0;
  let decodedBytes = 0;
  let cached = 0;
  let wanted: ResourceEntry | null = null;
  // Of the leaf that is being read.
  let urlLength = 0;
  let isForeign = false;
  let isWanted = false;

  const addEntry = (entry: ResourceEntry): void => {
    const { initiator } = entry;
    if (initiator === PAGE || initiator === BEACON) return;
    if (isWanted && wanted === null) wanted = { ...entry };
    const encoded = entry.encodedBytes ?? 0;
    const transferred = entry.transferBytes ?? 0;
    add(all, transferred);
    add(byType[resourceType(entry, url, urlLength)], transferred);
    if (isForeign) add(thirdParty, transferred);
    encodedBytes += encoded;
    decodedBytes += entry.decodedBytes ?? 0;
    if (encoded > 0 && entry.transferBytes === 0) cached++;
  };
  const isRead = readResourceTrie(restiming, length, url, (leafLength, from, to) => {
    urlLength = leafLength;
    isForeign = foreignHosts.has(url, leafLength);
    isWanted = leafLength > 0 && isSame(url, leafLength, wantedBytes);
    readResourceEntries(restiming, from, to, addEntry, ROOM);
  });
  if (!isRead) return null;
  const thirdPartyHosts = foreignHosts.count();
  return { all, byType, thirdParty, thirdPartyHosts, encodedBytes, decodedBytes, cached, wanted };
};

/** Of the entry that is being added. */
const ROOM = createEntryRoom();

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
