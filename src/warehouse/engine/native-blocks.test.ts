import { describe, expect, test } from 'vitest';
import { createNativeRewriter } from './native-blocks.ts';

const text = (value: string): Buffer => Buffer.concat([Buffer.from([value.length]), Buffer.from(value)]);
const u64 = (value: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt(value));
  return bytes;
};
const column = (name: string, type: string, ...values: Buffer[]): Buffer[] => [
  text(name),
  text(type),
  ...values,
];
const INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);

/** Two rows of types whose lengths have to be found out. */
const columns = [
  column(
    'a',
    'Array(Nullable(String))',
    u64(1),
    u64(3),
    Buffer.from([0, 1, 0]),
    text('x'),
    text(''),
    text('yz'),
  ),
  column(
    'b',
    'LowCardinality(Nullable(String))',
    u64(1),
    Buffer.from([0, 6, 0, 0, 0, 0, 0, 0]),
    u64(2),
    text(''),
    text('v'),
    u64(2),
    Buffer.from([0, 1]),
  ),
  column(
    'c',
    "Tuple(x Enum8('a, b' = 1), `y z` Map(String, UInt16))",
    Buffer.from([1, 1]),
    u64(0),
    u64(1),
    text('k'),
    Buffer.from([1, 0]),
  ),
  column('d', "DateTime64(3, 'UTC')", u64(1), u64(2)),
];
const plain = Buffer.concat([Buffer.from([columns.length, 2]), ...columns.flat()]);
const rewritten = Buffer.concat([
  INFO,
  Buffer.from([columns.length, 2]),
  ...columns.flatMap(([name, type, ...values]) => [
    name as Buffer,
    type as Buffer,
    Buffer.from([0]),
    ...values,
  ]),
]);

describe('the rewriter of Native blocks', () => {
  test('puts the block info and the serialization byte in', () => {
    const rewriter = createNativeRewriter(54_460);
    expect(Buffer.concat([rewriter.push(Buffer.concat([plain, plain])), rewriter.end()])).toEqual(
      Buffer.concat([rewritten, rewritten]),
    );
  });

  test('leaves the serialization byte out for older revisions', () => {
    const rewriter = createNativeRewriter(54_400);
    expect(Buffer.concat([rewriter.push(plain), rewriter.end()])).toEqual(Buffer.concat([INFO, plain]));
  });

  test('gives the same for pieces of any size', () => {
    for (let size = 1; size < plain.length; size += 1) {
      const rewriter = createNativeRewriter(54_460);
      const out: Buffer[] = [];
      for (let at = 0; at < plain.length; at += size) out.push(rewriter.push(plain.subarray(at, at + size)));
      expect(Buffer.concat([...out, rewriter.end()])).toEqual(rewritten);
    }
  });

  test('refuses a stream that ends within a block', () => {
    const rewriter = createNativeRewriter(54_460);
    rewriter.push(plain.subarray(0, -1));
    expect(() => rewriter.end()).toThrow(/within a block/);
  });

  test('refuses a type whose layout it does not know', () => {
    const rewriter = createNativeRewriter(54_460);
    const block = Buffer.concat([Buffer.from([1, 1]), ...column('a', 'JSON')]);
    expect(() => rewriter.push(block)).toThrow(/the type JSON is not implemented/);
  });
});
