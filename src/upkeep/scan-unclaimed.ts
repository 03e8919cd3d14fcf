import { join } from 'node:path';
import { findSources, readDay, type ArchivedBeacon, type SourceDay } from '#archive';
import { errorCode, readForm } from '#core';

/** Which beacons are looked at. */
export interface ScanQuestion {
  readonly folder: 'unknown' | 'expired';
  /** Receive time from (inclusive) and to (exclusive), epoch ms. */
  readonly from: number;
  readonly to: number;
}

/** Beacons with one trace; without a trace, those of one host. Times in epoch ms. */
export interface ScannedGroup {
  readonly trace: string;
  readonly hostnames: readonly string[];
  readonly beacons: number;
  readonly first: number;
  readonly last: number;
  readonly samples: readonly string[];
}

/** What is found so far. */
export interface Scan {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly beacons: number;
  /** The bound of bytes was reached. */
  readonly cut: boolean;
  /** Most beacons first. */
  readonly groups: readonly ScannedGroup[];
  /** Beacons of groups beyond the bound. */
  readonly otherBeacons: number;
}

/** How a scan is bounded, and what it needs. */
export interface ScanOptions {
  /** The archive's folder. */
  readonly archive: string;
  readonly traceParameters: readonly string[];
  /** Epoch ms. */
  readonly now: number;
  /** Bytes of files at most. */
  readonly maxBytes: number;
  /** Groups that are told at most. */
  readonly maxGroups: number;
  /** Told after each piece of a file; what is found so far is put together when it is asked for. */
  readonly onProgress?: (scan: () => Scan) => void;
}

const DAY_MS = 86_400_000;
/** Groups that are counted apart; a sender of random traces fills them and is then counted with the others. */
const MOST_COUNTED = 20_000;
const MOST_HOSTNAMES = 5;
const MOST_SAMPLES = 3;
const MOST_CHARACTERS = 200;
/** After the first ones only some addresses are looked at: a host that comes later is found soon enough. */
const LOOK_EVERY = 50;

/** Looks through a folder of beacons that belong to nobody and counts them by their trace. A folder that is not there is empty. */
export const scanUnclaimed = async (
  question: ScanQuestion,
  options: ScanOptions,
  signal: AbortSignal,
): Promise<Scan> => {
  const days = (await daysOf(question, options)).toReversed();
  const totalBytes = days.reduce((sum, day) => sum + sizeOf(day), 0);
  const rules = { own: true, traceParameters: options.traceParameters, latestTime: options.now + DAY_MS };
  const counts = createCounts();
  let bytes = 0;
  let cut = false;
  const scan = (): Scan => ({ bytes, totalBytes, cut, ...counts.result(options.maxGroups) });

  for (const day of days) {
    if (signal.aborted) break;
    if (bytes + sizeOf(day) > options.maxBytes && bytes > 0) {
      cut = true;
      break;
    }
    try {
      for await (const { beacons } of readDay(day, rules, (read) => (bytes += read))) {
        if (signal.aborted) break;
        for (const beacon of beacons) if (isIn(question, beacon)) counts.add(beacon);
        options.onProgress?.(scan);
      }
    } catch (error) {
      // The daily job has just closed this day: its beacons are in the day's archive, which the next look reads.
      if (errorCode(error) !== 'ARCHIVE_FILE_GONE') throw error;
      cut = true;
    }
  }
  return scan();
};

const daysOf = async (
  { folder, from, to }: ScanQuestion,
  { archive }: ScanOptions,
): Promise<readonly SourceDay[]> => {
  try {
    const { days } = await findSources(join(archive, folder));
    return days.filter(({ day }) => day === null || (day + DAY_MS > from && day < to));
  } catch (error) {
    if (errorCode(error) === 'ARCHIVE_NOT_FOUND') return [];
    throw error;
  }
};

const sizeOf = ({ files }: SourceDay): number => files.reduce((sum, file) => sum + file.bytes, 0);

const isIn = ({ from, to }: ScanQuestion, { record }: ArchivedBeacon): boolean =>
  record.receivedAt >= from && record.receivedAt < to;

interface Group {
  readonly trace: string;
  readonly hostnames: Set<string>;
  readonly samples: Set<string>;
  beacons: number;
  first: number;
  last: number;
}

const createCounts = () => {
  const groups = new Map<string, Group>();
  let [beacons, beyond] = [0, 0];
  return {
    add: ({ record }: ArchivedBeacon): void => {
      beacons += 1;
      const { trace, receivedAt } = record;
      const known = trace === '' ? undefined : groups.get(trace);
      const address =
        known === undefined || known.beacons <= MOST_SAMPLES || known.beacons % LOOK_EVERY === 0
          ? addressOf(record)
          : null;
      // A trace has no blank, so no trace is the key of a host.
      const key = trace === '' ? ` ${address?.host ?? ''}` : trace;
      let group = groups.get(key);
      if (group === undefined) {
        if (groups.size >= MOST_COUNTED) return void (beyond += 1);
        group = {
          trace,
          hostnames: new Set(),
          samples: new Set(),
          beacons: 0,
          first: receivedAt,
          last: receivedAt,
        };
        groups.set(key, group);
      }
      group.beacons += 1;
      group.first = Math.min(group.first, receivedAt);
      group.last = Math.max(group.last, receivedAt);
      if (address === null) return;
      if (address.host !== '' && group.hostnames.size < MOST_HOSTNAMES) group.hostnames.add(address.host);
      if (group.samples.size < MOST_SAMPLES) group.samples.add(address.text);
    },
    result: (maxGroups: number): Pick<Scan, 'beacons' | 'groups' | 'otherBeacons'> => {
      const sorted = [...groups.values()].toSorted((a, b) => b.beacons - a.beacons);
      const rest = sorted.slice(maxGroups).reduce((sum, group) => sum + group.beacons, 0);
      return {
        beacons,
        otherBeacons: beyond + rest,
        groups: sorted.slice(0, maxGroups).map(({ trace, hostnames, samples, ...numbers }) => ({
          trace,
          ...numbers,
          hostnames: [...hostnames],
          samples: [...samples],
        })),
      };
    },
  };
};

/** Address of the page of a beacon, without query and fragment: they may carry what is nobody's business. */
export const addressOf = (
  record: Pick<ArchivedBeacon['record'], 'body' | 'query'>,
): { readonly host: string; readonly text: string } | null => {
  const pairs = new Map<string, string>();
  const { body } = record;
  if (body.length > 0)
    readForm(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'), pairs, MOST_PAIRS);
  readForm(record.query, pairs, MOST_PAIRS);
  const text = pairs.get('u') ?? '';
  if (text === '') return null;
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    return { host: '', text: cut(text.split(/[?#]/, 1)[0] ?? '') };
  return { host: url.hostname.slice(0, MOST_CHARACTERS), text: cut(url.origin + url.pathname) };
};

const MOST_PAIRS = 300;

const cut = (text: string): string =>
  text.length <= MOST_CHARACTERS ? text : `${text.slice(0, MOST_CHARACTERS).toWellFormed()}…`;
