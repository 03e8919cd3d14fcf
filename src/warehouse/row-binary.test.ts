import { describe, expect, test } from 'vitest';
import { ByteWriter } from './byte-writer.ts';

const written = (write: (writer: ByteWriter) => void, slabBytes?: number): string => {
  const writer = new ByteWriter(slabBytes);
  write(writer);
  return Buffer.from(writer.take()).toString('hex');
};

describe('byte writer', () => {
  test.each<[string, (writer: ByteWriter) => void, string]>([
    ['whole numbers', (writer) => (writer.u8(255), writer.u16(258), writer.u32(1)), 'ff020101000000'],
    ['a number of more than 32 bits', (writer) => writer.u64(2 ** 40 + 5), '0500000000010000'],
    ['a bigint', (writer) => writer.u64(0xfedcba9876543210n), '1032547698badcfe'],
    ['negative milliseconds', (writer) => writer.i64(-1), 'ffffffffffffffff'],
    ['negative milliseconds beyond 32 bits', (writer) => writer.i64(-(2 ** 33)), '00000000feffffff'],
    ['negative numbers', (writer) => writer.i32(-999), '19fcffff'],
    ['fractions', (writer) => (writer.f32(0.5), writer.f64(-2)), '0000003f00000000000000c0'],
    ['lengths', (writer) => (writer.length(127), writer.length(128), writer.length(16_384)), '7f8001808001'],
    ['a short text', (writer) => writer.text('ab'), '026162'],
    ['a short text that is not ASCII', (writer) => writer.text('ä€'), '05c3a4e282ac'],
    ['half a character', (writer) => writer.text('\ud800'), '03efbfbd'],
    ['nothing', (writer) => writer.text(''), '00'],
  ])('writes %s', (_, write, hex) => {
    expect(written(write)).toBe(hex);
  });

  test.each([40, 41, 42, 63, 64, 100, 127, 128, 5_000, 5_461, 5_462, 16_383, 16_384])(
    'writes texts of %i characters of one, two and three bytes',
    (length) => {
      for (const letter of ['a', 'ä', '€']) {
        const text = letter.repeat(length);
        const expected = new ByteWriter();
        expected.length(Buffer.byteLength(text));
        const prefix = Buffer.from(expected.take()).toString('hex');
        expect(written((writer) => writer.text(text))).toBe(prefix + Buffer.from(text).toString('hex'));
      }
    },
  );

  test('keeps what it gave away when it goes on in another slab', () => {
    const writer = new ByteWriter(64);
    const texts = Array.from({ length: 50 }, (_, index) => `${index}`.padStart(30, 'x'));
    const taken = texts.map((text) => {
      writer.text(text);
      return writer.take();
    });
    expect(taken.map((bytes) => Buffer.from(bytes).toString('latin1', 1))).toEqual(texts);
  });

  test('carries the beginning of a row over to a larger slab', () => {
    const hex = written((writer) => (writer.u8(7), writer.text('y'.repeat(500))), 64);
    expect(hex).toBe(`07f403${'79'.repeat(500)}`);
  });
});
