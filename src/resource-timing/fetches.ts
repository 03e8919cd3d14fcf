import { type ResourceEntry, readResourceEntries } from './entry.ts';
import { type ResourceType, resourceType } from './resource-type.ts';
import { readResourceTrie } from './trie.ts';

/** What was fetched: the page itself, a beacon, a document in a frame, or a kind of resource. */
export type FetchKind = ResourceType | 'document' | 'beacon' | 'frame';

/** One fetch of a page. Times are ms since navigation start, null where the browser does not tell. */
export interface Fetch {
  /** As it was sent: may be relative to the page, or cut; text from outside. */
  readonly url: string;
  readonly kind: FetchKind;
  readonly start: number;
  readonly requestStart: number | null;
  readonly responseStart: number | null;
  readonly end: number;
  /** Bytes on the wire; 0: from cache. */
  readonly transferBytes: number | null;
}

/** Longest address that is read, bytes. */
const MAX_URL_BYTES = 4_096;

/**
 * Reads `restiming` into a list ordered by start, the document first where several begin at once; at most `limit` fetches, those that began first.
 * Null when it cannot be read; empty for an empty text.
 */
export const readFetches = (restiming: string, limit: number): readonly Fetch[] | null => {
  if (restiming === '') return [];
  const bytes = Buffer.from(restiming, 'utf8');
  const url = Buffer.alloc(MAX_URL_BYTES);
  const fetches: Fetch[] = [];
  const isRead = readResourceTrie(bytes, bytes.length, url, (urlLength, from, to) => {
    const address = url.toString('utf8', 0, urlLength);
    readResourceEntries(bytes, from, to, (entry) => {
      const kind = KIND_OF_INITIATOR.get(entry.initiator) ?? resourceType(entry, url, urlLength);
      fetches.push(fetchOf(address, kind, entry));
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

const fetchOf = (url: string, kind: FetchKind, entry: ResourceEntry): Fetch => ({
  url,
  kind,
  start: entry.startTime,
  requestStart: entry.requestStart === 0 ? null : entry.requestStart,
  responseStart: entry.responseStart === 0 ? null : entry.responseStart,
  end: Math.max(entry.startTime, entry.responseEnd),
  transferBytes: entry.transferBytes,
});

const documentFirst = ({ kind }: Fetch): number => (kind === 'document' ? 0 : 1);
