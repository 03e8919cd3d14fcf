import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '#core';
import { type JournalEntry, openJournalReader } from '#journal';
import {
  appendTo,
  beaconOf,
  idsOf,
  openWriter,
  readAll,
  temporaryFolder,
} from '../support/journal-folder.ts';

/** What a disk may do to a segment. The rule: at most the records that the damage touches are lost, and it is reported. */

const IDS = Array.from({ length: 8 }, (_, index) => `id-${index}`);
const HEADER_BYTES = 64;
/** Beyond the time in which a file without a readable header may still belong to a living writer. */
const LATER = (): number => Date.now() + 3_600_000;

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let whole: Buffer;
/** First byte of each record, and the end of the last one. */
let places: number[];

beforeEach(async () => {
  folder = temporaryFolder();
  const writer = openWriter(folder.path);
  const positions = await Promise.all(IDS.map((id) => appendTo(writer, beaconOf(id, 700))));
  await writer.stop();
  path = join(folder.path, readdirSync(folder.path).find((name) => name.endsWith('.journal')) ?? '');
  whole = readFileSync(path);
  places = [...positions.map((position) => position.offset), whole.length];
});
afterEach(() => folder.remove());

const place = (index: number): number => places.at(index) ?? 0;
const readDamaged = async (bytes: Buffer) => {
  writeFileSync(path, bytes);
  return readAll(folder.path, LATER);
};
const flip = (at: number, bit: number): Buffer => {
  const bytes = Buffer.from(whole);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << bit);
  return bytes;
};
const touched = (from: number, to: number): string[] =>
  IDS.filter((_, index) => place(index) < to && (places[index + 1] ?? 0) > from);
/** Records whose bytes are others than they were: the same bytes may stand in another place, too. */
const changed = (bytes: Buffer): string[] =>
  IDS.filter(
    (_, index) =>
      bytes.compare(whole, place(index), places[index + 1], place(index), places[index + 1]) !== 0,
  );
/** Each record at most once and with the place that it was written to, and these in any case. */
const expectEachOnce = (entries: readonly JournalEntry[], ids: readonly string[]): void => {
  const seen = idsOf(entries);
  expect(new Set(seen).size).toBe(seen.length);
  expect(ids.filter((id) => !seen.includes(id))).toEqual([]);
  for (const entry of entries) expect(entry.offset).toBe(place(IDS.indexOf(entry.record.query)));
};
const except = (lost: readonly string[]): string[] => IDS.filter((id) => !lost.includes(id));

describe('a damaged segment', () => {
  test('cut at every byte of its last three records loses only what was cut', async () => {
    for (let end = place(5); end <= whole.length; end++) {
      const { entries, damages } = await readDamaged(whole.subarray(0, end));
      const complete = IDS.filter((_, index) => (places[index + 1] ?? 0) <= end);
      expect(idsOf(entries)).toEqual(complete);
      const lastGood = Math.max(...places.filter((offset) => offset <= end));
      expect(damages).toMatchObject(
        end === lastGood ? [] : [{ kind: 'torn', offset: lastGood, bytes: end - lastGood }],
      );
    }
  });

  test('with any one bit of a record flipped loses that record alone', async () => {
    for (let at = place(3); at < place(4); at++) {
      const { entries, damages } = await readDamaged(flip(at, at % 8));
      expect(idsOf(entries)).toEqual(except(['id-3']));
      expect(damages).toMatchObject([{ kind: 'corrupt', offset: place(3), bytes: place(4) - place(3) }]);
    }
  });

  test('with every bit of the head of a record flipped loses that record alone', async () => {
    for (let at = place(3); at < place(3) + 40; at++)
      for (let bit = 0; bit < 8; bit++)
        expect(idsOf((await readDamaged(flip(at, bit))).entries)).toEqual(except(['id-3']));
  });

  test('with any one bit of the last record flipped is a torn tail', async () => {
    for (let at = place(7); at < whole.length; at += 3) {
      const { entries, damages } = await readDamaged(flip(at, 0));
      expect(idsOf(entries)).toEqual(IDS.slice(0, 7));
      expect(damages).toMatchObject([{ kind: 'torn', offset: place(7), bytes: whole.length - place(7) }]);
    }
  });

  test('with any bit of its own head flipped loses nothing', async () => {
    for (let at = 0; at < HEADER_BYTES; at++)
      expect(idsOf((await readDamaged(flip(at, at % 8))).entries)).toEqual(IDS);
  });

  test.each([512, 4_096])('with %i bytes of zeros loses only the records that they touch', async (size) => {
    for (let from = HEADER_BYTES; from < whole.length; from += 97) {
      const bytes = Buffer.from(whole);
      bytes.fill(0, from, Math.min(bytes.length, from + size));
      const { entries, damages } = await readDamaged(bytes);
      expect(idsOf(entries)).toEqual(except(changed(bytes)));
      expect(damages).toHaveLength(1);
    }
  });

  test('with a block written to the wrong place gives back no record twice', async () => {
    for (let from = place(0); from + 512 < whole.length; from += 311)
      for (let to = place(0); to + 512 < whole.length; to += 293) {
        const bytes = Buffer.from(whole);
        whole.copy(bytes, to, from, from + 512);
        expectEachOnce((await readDamaged(bytes)).entries, except(changed(bytes)));
      }
  });

  test('with whole records in the place of others of the same length reports the copies', async () => {
    const bytes = Buffer.from(whole);
    whole.copy(bytes, place(2), place(5), place(6));
    const { entries, damages } = await readDamaged(bytes);
    expect(idsOf(entries)).toEqual(except(['id-2']));
    expect(damages).toMatchObject([{ kind: 'copy', offset: place(2) }]);
  });

  test('with a block inserted loses nothing but what the block splits, and counts nothing twice', async () => {
    for (let at = place(0); at <= whole.length; at += 101)
      for (const [from, to] of [
        [place(1), place(3)],
        [place(1) + 10, place(1) + 522],
      ] as const) {
        const bytes = Buffer.concat([whole.subarray(0, at), whole.subarray(from, to), whole.subarray(at)]);
        const split = places.includes(at) ? [] : touched(at, at + 1);
        expectEachOnce((await readDamaged(bytes)).entries, except(split));
      }
  });

  test('keeps the position of a record that was moved', async () => {
    const bytes = Buffer.concat([whole.subarray(0, place(2)), Buffer.alloc(100), whole.subarray(place(2))]);
    const { entries } = await readDamaged(bytes);
    expect(entries.map((entry) => entry.offset)).toEqual(places.slice(0, -1));
  });

  test.each([
    ['zeros', 0],
    ['ones', 0xff],
    ['the beginning of a magic', 0xf5],
  ])('with a tail of %s has a torn tail of that length', async (_, byte) => {
    for (const length of [1, 15, 16, 4_096, 3_000_000]) {
      const { entries, damages } = await readDamaged(Buffer.concat([whole, Buffer.alloc(length, byte)]));
      expect(idsOf(entries)).toEqual(IDS);
      expect(damages).toMatchObject([{ kind: 'torn', offset: whole.length, bytes: length }]);
    }
  });

  test('that is empty, or cut in its own head, holds nothing and stops nothing', async () => {
    for (let end = 0; end <= HEADER_BYTES; end += 7)
      expect((await readDamaged(whole.subarray(0, end))).entries).toEqual([]);
  });

  test('does not keep the next segment from being read', async () => {
    const writer = openWriter(folder.path);
    await appendTo(writer, beaconOf('next'));
    await writer.stop();
    for (const bytes of [Buffer.alloc(0), whole.subarray(0, place(4) + 9), Buffer.alloc(whole.length)]) {
      const { entries } = await readDamaged(bytes);
      expect(idsOf(entries).at(-1)).toBe('next');
    }
  });

  test('under the name of another segment is not read as that one', async () => {
    writeFileSync(join(folder.path, '00000000deadbeef.journal'), whole);
    const { entries, damages } = await readAll(folder.path, LATER);
    expect(idsOf(entries)).toEqual(IDS);
    expect(damages).toMatchObject([{ kind: 'misnamed', segment: '00000000deadbeef' }]);
  });

  test('that holds old blocks of another segment gives back none of their records', async () => {
    const writer = openWriter(folder.path);
    await appendTo(writer, beaconOf('young'));
    await writer.stop();
    const young = readdirSync(folder.path).find((name) => name.endsWith('.journal') && !path.endsWith(name));
    const youngPath = join(folder.path, young ?? '');
    const head = readFileSync(youngPath);
    writeFileSync(youngPath, Buffer.concat([head, whole.subarray(head.length)]));
    const { entries } = await readAll(folder.path, LATER);
    expect(idsOf(entries)).toEqual([...IDS, 'young']);
  });

  test('gives its damaged bytes to who asks for them', async () => {
    writeFileSync(path, whole.subarray(0, place(7) + 33));
    const reader = openJournalReader({ folder: folder.path, log: silentLog });
    const { damages } = await reader.read({}, { maxEntries: 100, maxBytes: 1e9 });
    const kept = await reader.keepDamage(damages[0] ?? expect.fail('no damage'));
    expect(kept).toMatch(/\.torn$/);
    expect(readFileSync(kept)).toEqual(whole.subarray(place(7), place(7) + 33));
  });

  test('that is larger than what is read at once is the same', async () => {
    const big = temporaryFolder();
    try {
      const writer = openWriter(big.path, { segmentBytes: 100_000_000 });
      const ids = Array.from({ length: 60 }, (_, index) => `big-${index}`);
      const positions = await Promise.all(
        ids.map((id, index) => appendTo(writer, beaconOf(id, index % 7 === 0 ? 1_500_000 : 65_500))),
      );
      await writer.stop();
      expect(idsOf((await readAll(big.path)).entries)).toEqual(ids);
      const file = join(big.path, readdirSync(big.path)[0] ?? '');
      const bytes = readFileSync(file);
      for (const index of [7, 8, 30]) {
        const damaged = Buffer.from(bytes);
        damaged.fill(0, (positions[index]?.offset ?? 0) + 5, (positions[index]?.offset ?? 0) + 9);
        writeFileSync(file, damaged);
        expect(idsOf((await readAll(big.path)).entries)).toEqual(ids.filter((_, other) => other !== index));
      }
    } finally {
      big.remove();
    }
  });
});
