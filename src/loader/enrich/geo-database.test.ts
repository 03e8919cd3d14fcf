import { copyFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, silentLog } from '#core';
import { type GeoDatabase, openGeoDatabase } from './geo-database.ts';

const EMBEDDED = dirname(
  createRequire(import.meta.url).resolve('@ip-location-db/geo-whois-asn-country-mmdb/package.json'),
);
const V4_ONLY = join(EMBEDDED, 'geo-whois-asn-country-ipv4.mmdb');
const BOTH = join(EMBEDDED, 'geo-whois-asn-country.mmdb');

let folder: string;
let opened: GeoDatabase | undefined;
const open = async (path: string): Promise<GeoDatabase> => {
  opened = await openGeoDatabase(path, { clock: createManualClock(0), log: silentLog });
  return opened;
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-geo-'));
});
afterEach(async () => {
  await opened?.stop();
  await rm(folder, { recursive: true });
});

describe('geo database', () => {
  test('knows countries of IPv4 and IPv6 addresses without being told of a file', async () => {
    const geo = await open('');
    const countries = ['8.8.8.8', '::ffff:8.8.8.8', '2001:4860:4860::8888'].map(
      (address) => geo.find(address).country,
    );
    expect(countries).toEqual(['US', 'US', 'US']);
  });

  test.each(['127.0.0.1', '::1', '', 'no address', '8.8.8', '999.1.1.1'])(
    'knows nothing of %j',
    async (address) => {
      const geo = await open('');
      expect(geo.find(address)).toEqual({ country: '', city: null });
    },
  );

  test('does not answer for IPv6 addresses from a database of IPv4', async () => {
    const geo = await open(V4_ONLY);
    expect(geo.find('8.8.8.8').country).toBe('US');
    expect(geo.find('2001:4860:4860::8888').country).toBe('');
  });

  test('is read again when the file was replaced', async () => {
    const path = join(folder, 'geo.mmdb');
    await copyFile(V4_ONLY, path);
    const geo = await open(path);
    await copyFile(BOTH, `${path}.new`);
    await rename(`${path}.new`, path);
    await geo.check();
    expect(geo.find('2001:4860:4860::8888').country).toBe('US');
  });

  test('answers from the last good file when the new one is damaged', async () => {
    const path = join(folder, 'geo.mmdb');
    await copyFile(V4_ONLY, path);
    const geo = await open(path);
    await writeFile(path, 'no database');
    await geo.check();
    expect(geo.find('8.8.8.8').country).toBe('US');
  });

  test('starts without its file and takes it up when it comes', async () => {
    const path = join(folder, 'late.mmdb');
    const geo = await open(path);
    expect(geo.find('8.8.8.8').country).toBe('');
    await copyFile(V4_ONLY, path);
    await geo.check();
    expect(geo.find('8.8.8.8').country).toBe('US');
  });

  test('finds nothing when it is off', async () => {
    const geo = await open('off');
    expect(geo.find('8.8.8.8').country).toBe('');
    expect(geo.about()).toBeNull();
  });
});
