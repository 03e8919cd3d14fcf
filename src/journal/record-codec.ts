/**
 * The payload of a frame: one `JournalRecord`. Texts are UTF-8 behind a 16-bit length; query and body have 32-bit lengths.
 *
 *     u8 version (1) · u8 flags (bit 0: POST) · f64 receivedAt · destination · trace · clientAddress · country · city
 *     u8 number of headers, each: u8 index into KNOWN_HEADERS (0: the name follows as a text) · value
 *     u32 length, query · u32 length, body
 */
import { AppError } from '#core';
import type { Destination } from '#tenants';
import { KNOWN_HEADER_INDEX, KNOWN_HEADERS } from './known-headers.ts';
import type { JournalRecord } from './record.ts';

const VERSION = 1;
const POST = 1;
const FIXED_BYTES = 40;
const MAX_TEXT_BYTES = 0xffff;
const MAX_HEADERS = 0xff;

/** An upper bound of the encoded length in bytes: cheap to compute, at most three times what the texts need. */
export const recordBound = (record: JournalRecord): number => {
  let units =
    record.destination.length +
    record.trace.length +
    record.clientAddress.length +
    record.country.length +
    record.city.length +
    record.query.length;
  const headers = record.headers;
  for (const header of headers) units += header[0].length + header[1].length + 2;
  return FIXED_BYTES + units * 3 + record.body.length;
};

/**
 * Writes a record at `at` (there must be `recordBound` bytes of room) and returns the place after it.
 * Throws `JOURNAL_RECORD_INVALID` when a text is longer than 65,535 bytes or there are more than 255 headers.
 */
export const encodeRecord = (bytes: Buffer, view: DataView, at: number, record: JournalRecord): number => {
  bytes[at] = VERSION;
  bytes[at + 1] = record.method === 'POST' ? POST : 0;
  view.setFloat64(at + 2, record.receivedAt, true);
  let next = writeText(bytes, view, at + 10, record.destination);
  next = writeText(bytes, view, next, record.trace);
  next = writeText(bytes, view, next, record.clientAddress);
  next = writeText(bytes, view, next, record.country);
  next = writeText(bytes, view, next, record.city);
  next = writeHeaders(bytes, view, next, record.headers);
  const queryBytes = record.query === '' ? 0 : bytes.write(record.query, next + 4);
  view.setUint32(next, queryBytes, true);
  next += 4 + queryBytes;
  view.setUint32(next, record.body.length, true);
  bytes.set(record.body, next + 4);
  return next + 4 + record.body.length;
};

const writeHeaders = (
  bytes: Buffer,
  view: DataView,
  at: number,
  headers: JournalRecord['headers'],
): number => {
  if (headers.length > MAX_HEADERS)
    throw new AppError('JOURNAL_RECORD_INVALID', `found ${headers.length} headers, expected at most 255`);
  bytes[at] = headers.length;
  let next = at + 1;
  for (const header of headers) {
    const index = KNOWN_HEADER_INDEX.get(header[0]) ?? 0;
    bytes[next++] = index;
    if (index === 0) next = writeText(bytes, view, next, header[0]);
    next = writeText(bytes, view, next, header[1]);
  }
  return next;
};

const writeText = (bytes: Buffer, view: DataView, at: number, text: string): number => {
  const length = text === '' ? 0 : bytes.write(text, at + 2);
  if (length > MAX_TEXT_BYTES)
    throw new AppError('JOURNAL_RECORD_INVALID', `found a text of ${length} bytes, expected at most 65535`);
  view.setUint16(at, length, true);
  return at + 2 + length;
};

/**
 * Reads the record in `bytes[at, end)`. The body is a view of `bytes`, not a copy. Throws `JOURNAL_RECORD_INVALID` for a
 * version that this program does not know and for lengths that do not fit.
 */
export const decodeRecord = (bytes: Buffer, at: number, end: number): JournalRecord => {
  const version = bytes[at];
  if (version !== VERSION)
    throw new AppError('JOURNAL_RECORD_INVALID', `found record version ${version}, expected ${VERSION}`);
  const reading = { bytes, at: at + 10, end };
  const destination = readText(reading);
  const trace = readText(reading);
  const clientAddress = readText(reading);
  const country = readText(reading);
  const city = readText(reading);
  const headers: (readonly [string, string])[] = [];
  for (let left = readByte(reading); left > 0; left--) {
    const index = readByte(reading);
    const name = index === 0 ? readText(reading) : (KNOWN_HEADERS[index - 1] ?? '');
    headers.push([name, readText(reading)]);
  }
  const queryLength = readLength32(reading);
  const query = queryLength === 0 ? '' : readBytes(reading, queryLength).toString('utf8');
  return {
    receivedAt: bytes.readDoubleLE(at + 2),
    // A tenant id was checked by the users map before the record was written.
    destination: destination as Destination,
    trace,
    method: ((bytes[at + 1] ?? 0) & POST) === 0 ? 'GET' : 'POST',
    query,
    body: readBytes(reading, readLength32(reading)),
    headers,
    clientAddress,
    country,
    city,
  };
};

interface Reading {
  readonly bytes: Buffer;
  at: number;
  readonly end: number;
}

const readBytes = (reading: Reading, length: number): Buffer => {
  const from = reading.at;
  if (from + length > reading.end)
    throw new AppError('JOURNAL_RECORD_INVALID', `a length of ${length} bytes leads out of the record`);
  reading.at = from + length;
  return reading.bytes.subarray(from, from + length);
};

const readByte = (reading: Reading): number => {
  const byte = reading.bytes[reading.at];
  if (byte === undefined || reading.at >= reading.end)
    throw new AppError('JOURNAL_RECORD_INVALID', 'the record ends in the middle of a field');
  reading.at += 1;
  return byte;
};

const readText = (reading: Reading): string => {
  const length = readByte(reading) | (readByte(reading) << 8);
  if (length === 0) return '';
  const from = reading.at;
  if (from + length > reading.end)
    throw new AppError('JOURNAL_RECORD_INVALID', `a length of ${length} bytes leads out of the record`);
  reading.at = from + length;
  return reading.bytes.toString('utf8', from, from + length);
};

const readLength32 = (reading: Reading): number => {
  const from = reading.at;
  if (from + 4 > reading.end)
    throw new AppError('JOURNAL_RECORD_INVALID', 'the record ends in the middle of a length');
  reading.at = from + 4;
  return reading.bytes.readUInt32LE(from);
};
