import { readElement, readFetchDetails, type FetchDetails, type ResourceElement } from './details.ts';
import { type ResourceEntry, readResourceEntries } from './entry.ts';
import { type ResourceType, resourceType } from './resource-type.ts';
import { readServerTiming, readServerTimingNames, type ServerTiming } from './server-timing.ts';
import { readResourceTrie } from './trie.ts';

/** What was fetched: the page itself, a beacon, a document in a frame, or a kind of resource. */
export type FetchKind = ResourceType | 'document' | 'beacon' | 'frame';

/** One fetch of a page. Times are ms since navigation start, null where the browser does not tell. */
export interface Fetch extends Omit<FetchDetails, 'serverTiming'> {
  /** As it was sent: may be relative to the page, or cut; text from outside. */
  readonly url: string;
  readonly kind: FetchKind;
  readonly start: number;
  readonly requestStart: number | null;
  readonly responseStart: number | null;
  readonly end: number;
  /** Bytes on the wire; 0: from cache. */
  readonly transferBytes: number | null;
  /** Bytes of the body as it was sent, and uncompressed. */
  readonly encodedBytes: number | null;
  readonly decodedBytes: number | null;
  /** The element that shows it; null: none that the beacon tells of. */
  readonly element: ResourceElement | null;
  /** What the server said in `Server-Timing`; at most 100. */
  readonly serverTiming: readonly ServerTiming[];
}

/** Longest address that is read, bytes. */
const MAX_URL_BYTES = 4_096;

const MAX_SERVER_TIMING = 100;

/**
 * Reads `restiming` into a list ordered by start, the document first where several begin at once; at most `limit` fetches, those that began first.
 * `serverTiming` is the `servertiming` of the same beacon, empty when it has none. Null when `restiming` cannot be read; empty for an empty text.
 */
export const readFetches = (
  restiming: string,
  serverTiming: string,
  limit: number,
): readonly Fetch[] | null => {
  if (restiming === '') return [];
  const names = serverTiming === '' ? [] : (readServerTimingNames(serverTiming) ?? []);
  const bytes = Buffer.from(restiming, 'utf8');
  const url = Buffer.alloc(MAX_URL_BYTES);
  const fetches: Fetch[] = [];
  const isRead = readResourceTrie(bytes, bytes.length, url, (urlLength, from, to) => {
    const address = url.toString('utf8', 0, urlLength);
    const element = readElement(bytes, from, to);
    readResourceEntries(bytes, from, to, (entry) => {
      const kind = KIND_OF_INITIATOR.get(entry.initiator) ?? resourceType(entry, url, urlLength);
      const details = readFetchDetails(bytes, entry.from, entry.to);
      fetches.push({
        ...fetchOf(address, kind, entry),
        ...details,
        element,
        serverTiming: readServerTiming(details.serverTiming, names, MAX_SERVER_TIMING),
      });
    });
  });
  if (!isRead) return null;
  return fetches.sort((a, b) => a.start - b.start || documentFirst(a) - documentFirst(b)).slice(0, limit);
};

/** Initiators that say more than the type of a resource. */
const KIND_OF_INITIATOR: ReadonlyMap<number, FetchKind> = new Map([
  ['6'.charCodeAt(0), 'document'],
  ['8'.charCodeAt(0), 'beacon'],
  ['a'.charCodeAt(0), 'frame'],
]);

const fetchOf = (url: string, kind: FetchKind, entry: ResourceEntry) => ({
  url,
  kind,
  start: entry.startTime,
  requestStart: entry.requestStart === 0 ? null : entry.requestStart,
  responseStart: entry.responseStart === 0 ? null : entry.responseStart,
  end: Math.max(entry.startTime, entry.responseEnd),
  transferBytes: entry.transferBytes,
  encodedBytes: entry.encodedBytes,
  decodedBytes: entry.decodedBytes,
});

const documentFirst = ({ kind }: Fetch): number => (kind === 'document' ? 0 : 1);
