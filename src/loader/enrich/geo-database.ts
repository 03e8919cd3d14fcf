import { readFile, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { isIP } from 'node:net';
import { type CityResponse, Reader } from 'mmdb-lib';
import { AppError, type Clock, errorText, type Log, type Running } from '#core';
import { NO_PLACE, type Place, placeOf } from './place.ts';

/** Finds places by address. */
export interface GeoDatabase extends Running {
  /** Place of an address; nothing known for private, invalid and unknown ones. Never throws. */
  find(address: string): Place;
  /** Looks at the file now and reads it again when it was replaced. Done every minute in any case. */
  check(): Promise<void>;
  /** What is read: kind and time of making of the database; null: none. */
  about(): { readonly type: string; readonly builtAt: string; readonly ipVersion: number } | null;
}

/** What the database needs from outside. */
export interface GeoDatabaseDeps {
  readonly clock: Clock;
  readonly log: Log;
}

/** Country of addresses (GeoFeed, Whois and AS data of the registries); knows no cities. */
const EMBEDDED = '@ip-location-db/geo-whois-asn-country-mmdb/geo-whois-asn-country.mmdb';
const CHECK_EVERY_MS = 60_000;
const MAX_BYTES = 1_073_741_824;

type Content = Reader<CityResponse & { readonly country_code?: unknown; readonly city_name?: unknown }>;

/**
 * Opens a database of the MaxMind format. `path` is a file, empty for the embedded country database, or `off`. A file that is missing
 * or damaged is reported (`geo_database_refused`) and tried again every minute; until then, or in place of a bad
 * replacement, the last good one answers.
 */
export const openGeoDatabase = async (path: string, deps: GeoDatabaseDeps): Promise<GeoDatabase> => {
  if (path === 'off')
    return { find: () => NO_PLACE, check: async () => {}, about: () => null, stop: async () => {} };
  const file = path === '' ? createRequire(import.meta.url).resolve(EMBEDDED) : path;
  const stopped = new AbortController();
  let content: Content | null = null;
  let seen = '';

  const check = async (): Promise<void> => {
    let fingerprint = 'missing';
    try {
      const { ino, size, mtimeMs } = await stat(file);
      fingerprint = `${ino}:${size}:${mtimeMs}`;
      if (fingerprint === seen) return;
      content = read(await readLimited(file, size));
      deps.log.info('geo_database_read', { path: file, built_at: content.metadata.buildEpoch });
    } catch (error) {
      if (fingerprint !== seen)
        deps.log.warn('geo_database_refused', {
          path: file,
          err: errorText(error),
          in_use: content !== null,
        });
    }
    seen = fingerprint;
  };

  const watch = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      await deps.clock.sleep(CHECK_EVERY_MS, stopped.signal);
      if (!stopped.signal.aborted) await check();
    }
  };

  await check();
  const watching = watch();
  return {
    find: (address) => (content === null ? NO_PLACE : findPlace(content, address)),
    check,
    about: () =>
      content === null
        ? null
        : {
            type: content.metadata.databaseType,
            builtAt: content.metadata.buildEpoch.toISOString(),
            ipVersion: content.metadata.ipVersion,
          },
    stop: async () => {
      stopped.abort();
      await watching;
    },
  };
};

const readLimited = async (file: string, size: number): Promise<Buffer> => {
  if (size > MAX_BYTES)
    throw new AppError('LOADER_GEO_TOO_LARGE', `reading a geo database: ${size} bytes, at most ${MAX_BYTES}`);
  return readFile(file);
};

/** A reader that has proved to answer. */
const read = (bytes: Buffer): Content => {
  const reader: Content = new Reader(bytes);
  reader.get('192.0.2.1');
  return reader;
};

const MAPPED = '::ffff:';

const findPlace = (content: Content, address: string): Place => {
  const mapped = address.toLowerCase().startsWith(MAPPED) && address.includes('.');
  const plain = mapped ? address.slice(MAPPED.length) : address;
  const version = isIP(plain);
  if (version === 0) return NO_PLACE;
  // A database of IPv4 alone answers IPv6 addresses with somebody else's record.
  if (version === 6 && content.metadata.ipVersion === 4) return NO_PLACE;
  try {
    const found = content.get(plain);
    if (found === null) return NO_PLACE;
    return placeOf(
      textOf(found.country?.iso_code ?? found.registered_country?.iso_code ?? found.country_code),
      textOf(found.city?.names?.en ?? found.city_name),
    );
  } catch {
    return NO_PLACE;
  }
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
