import { clickhouseError } from './exception.ts';
import { type NativeType, parseNativeType } from './native-types.ts';

/** Rewrites a stream of Native blocks, piece by piece. */
export interface NativeRewriter {
  /** Takes more bytes and gives the blocks that are ready. Errors: 48 for a type whose layout is not known. */
  push(chunk: Buffer): Buffer;
  /** The last blocks. Errors: 1002 when the stream ended within one. */
  end(): Buffer;
}

/** From this revision on, a byte after each column's type says whether its serialization is a custom one. */
const REVISION_WITH_CUSTOM_SERIALIZATION = 54_454;
/** Field 1 (is_overflows) = 0, field 2 (bucket_num) = -1, end. */
const BLOCK_INFO = Buffer.from([1, 0, 2, 0xff, 0xff, 0xff, 0xff, 0]);
const NOT_CUSTOM = Buffer.from([0]);

/**
 * chDB writes Native blocks as for a client without `client_protocol_version`; clients that send one (clickhouse-go, and so
 * Grafana) expect a block info before each block, and from revision 54454 on a byte in each column. This puts them in.
 */
export const createNativeRewriter = (revision: number): NativeRewriter => {
  let pieces: Buffer[] = [];
  let size = 0;
  let triedAt = 0;
  let held: Buffer = Buffer.alloc(0);
  const takeBlock = (): Buffer | undefined => {
    const reader = new BlockReader(held);
    try {
      const parts: Buffer[] = [BLOCK_INFO];
      const columns = reader.varint();
      const rows = reader.varint();
      let copied = 0;
      for (let column = 0; column < columns; column += 1) {
        reader.text();
        const typeName = reader.text();
        const type = parseNativeType(typeName);
        if (type === undefined) {
          throw clickhouseError(
            48,
            `the type ${typeName} is not implemented in the Native format of this protocol version`,
          );
        }
        parts.push(held.subarray(copied, reader.at));
        if (revision >= REVISION_WITH_CUSTOM_SERIALIZATION) parts.push(NOT_CUSTOM);
        copied = reader.at;
        if (rows > 0) {
          reader.prefix(type);
          reader.values(type, rows);
        }
      }
      parts.push(held.subarray(copied, reader.at));
      held = held.subarray(reader.at);
      return Buffer.concat(parts);
    } catch (error) {
      if (error === NEEDS_MORE) return undefined;
      throw error;
    }
  };
  const takeBlocks = (): Buffer => {
    held = Buffer.concat(pieces);
    const blocks: Buffer[] = [];
    while (held.length > 0) {
      const block = takeBlock();
      if (block === undefined) break;
      blocks.push(block);
    }
    pieces = held.length === 0 ? [] : [held];
    size = held.length;
    triedAt = size;
    return Buffer.concat(blocks);
  };
  return {
    push: (chunk) => {
      pieces.push(chunk);
      size += chunk.length;
      // A block is walked over from its start each time, so not before there is a good deal more of it.
      return size < triedAt * 1.5 ? Buffer.alloc(0) : takeBlocks();
    },
    end: () => {
      const blocks = takeBlocks();
      if (size > 0) throw clickhouseError(1002, 'the Native answer ended within a block');
      return blocks;
    },
  };
};

const NEEDS_MORE = Symbol('the block goes on in the next piece');
const INDEX_BYTES = [1, 2, 4, 8] as const;
const HAS_ADDITIONAL_KEYS = 1n << 9n;

/** Walks over a block; throws `NEEDS_MORE` at the end of the bytes. */
class BlockReader {
  at = 0;
  readonly #bytes: Buffer;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  skip(bytes: number): void {
    this.at += bytes;
    if (this.at > this.#bytes.length) throw NEEDS_MORE;
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.at];
      if (byte === undefined) throw NEEDS_MORE;
      this.at += 1;
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  text(): string {
    const length = this.varint();
    const start = this.at;
    this.skip(length);
    return this.#bytes.toString('utf8', start, this.at);
  }

  u64(): bigint {
    const start = this.at;
    this.skip(8);
    return this.#bytes.readBigUInt64LE(start);
  }

  /** The state that precedes a column's values: the version of each dictionary in it. */
  prefix(type: NativeType): void {
    if (type.kind === 'low-cardinality') this.skip(8);
    else if (type.kind === 'tuple') for (const item of type.items) this.prefix(item);
    else if (type.kind === 'nullable' || type.kind === 'array') this.prefix(type.inner);
  }

  values(type: NativeType, rows: number): void {
    switch (type.kind) {
      case 'fixed':
        return this.skip(type.bytes * rows);
      case 'string':
        for (let row = 0; row < rows; row += 1) this.skip(this.varint());
        return;
      case 'nullable':
        this.skip(rows);
        return this.values(type.inner, rows);
      case 'array': {
        this.skip(8 * rows);
        const last = rows === 0 ? 0 : Number(this.#bytes.readBigUInt64LE(this.at - 8));
        return this.values(type.inner, last);
      }
      case 'tuple':
        for (const item of type.items) this.values(item, rows);
        return;
      case 'low-cardinality':
        return rows === 0 ? undefined : this.dictionary(type.inner);
    }
  }

  dictionary(inner: NativeType): void {
    const flags = this.u64();
    // The keys of a nullable dictionary are not nullable: the first one stands for NULL.
    const key = inner.kind === 'nullable' ? inner.inner : inner;
    if ((flags & HAS_ADDITIONAL_KEYS) !== 0n) this.values(key, Number(this.u64()));
    this.skip(Number(this.u64()) * (INDEX_BYTES[Number(flags & 3n)] as number));
  }
}
