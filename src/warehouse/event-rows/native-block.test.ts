import { describe, expect, test } from 'vitest';
import { createBlockMemory } from './block-memory.ts';
import { nativeBlock } from './native-block.ts';
import { SLAB_ROWS } from './row-slab.ts';
import { createEventRowWriter, type EventRowRef, viewOfRow } from './row-writer.ts';

const rowsWith = (count: number): readonly EventRowRef[] => {
  const writer = createEventRowWriter();
  return Array.from({ length: count }, (_, index) => {
    const row = writer.begin();
    row.journal_offset = index;
    row.hostname = `site-${index % 3}.example`;
    row.session_id = `session ${index}`;
    if (index % 2 === 0) row.load_time = index;
    return writer.end();
  });
};

const bytesOf = (rows: readonly EventRowRef[], batchId = 7n): Buffer =>
  Buffer.concat(nativeBlock(rows, batchId));

/** Bytes of a column, found by its name and type. */
const columnOf = (block: Buffer, name: string, type: string): Buffer => {
  const head = Buffer.concat([
    Buffer.of(name.length),
    Buffer.from(name),
    Buffer.of(type.length),
    Buffer.from(type),
  ]);
  return block.subarray(block.indexOf(head) + head.length);
};

describe('a block of rows', () => {
  test('says how many columns and rows it has', () => {
    const block = bytesOf(rowsWith(3));
    expect([block[0], block[1], block[2]]).toEqual([0xbc, 0x01, 3]);
  });

  test('carries its batch in every row', () => {
    const batch = columnOf(bytesOf(rowsWith(2), 0xfedc_ba98_7654_3210n), 'batch_id', 'UInt64');
    expect([batch.readBigUInt64LE(0), batch.readBigUInt64LE(8)]).toEqual([
      0xfedc_ba98_7654_3210n,
      0xfedc_ba98_7654_3210n,
    ]);
  });

  test('holds the rows that are asked for, in that order, also out of several slabs', () => {
    const rows = rowsWith(SLAB_ROWS + 5);
    const chosen = [SLAB_ROWS + 4, 3, SLAB_ROWS].flatMap((index) => rows.slice(index, index + 1));
    const offsets = columnOf(bytesOf(chosen), 'journal_offset', 'UInt64');
    expect([0, 8, 16].map((at) => Number(offsets.readBigUInt64LE(at)))).toEqual([
      SLAB_ROWS + 4,
      3,
      SLAB_ROWS,
    ]);
    const texts = columnOf(bytesOf(chosen), 'session_id', 'String');
    expect(texts.toString('latin1', 0, 36)).toBe('\x0csession 1028\x09session 3\x0csession 1024');
  });

  test('marks what is missing and leaves its bytes zero', () => {
    const times = columnOf(bytesOf(rowsWith(3)), 'load_time', 'Nullable(UInt32)');
    expect(times.toString('hex', 0, 15)).toBe('000100000000000000000002000000');
  });

  test('gives labels as numbers of the ones that occur, empty first', () => {
    const rows = rowsWith(4).slice(1);
    const labels = columnOf(bytesOf(rows), 'hostname', 'LowCardinality(String)');
    const keys = ['', 'site-1.example', 'site-2.example', 'site-0.example'];
    expect([labels.readBigUInt64LE(0), labels.readBigUInt64LE(8), labels.readBigUInt64LE(16)]).toEqual([
      1n,
      0x600n,
      4n,
    ]);
    const text = keys.map((key) => String.fromCharCode(key.length) + key).join('');
    expect(labels.toString('latin1', 24, 24 + text.length)).toBe(text);
    expect(labels.subarray(32 + text.length, 35 + text.length)).toEqual(Buffer.of(1, 2, 3));
  });
});

describe('a row that is written', () => {
  test('can be read as it was set, and holds nothing of one that was begun before and not ended', () => {
    const writer = createEventRowWriter();
    Object.assign(writer.begin(), {
      url: 'https://a.example/',
      clicks: 3,
      dimensions: new Map([['a', 'b']]),
    });
    const row = writer.begin();
    row.device_model = '';
    row.received_at = Date.UTC(2026, 10, 22);
    row.is_bot = true;
    row.lcp_selector = 'main > é';
    const found = viewOfRow(writer.end());
    expect([found.url, found.clicks, found.device_model, found.device_manufacturer, found.is_bot]).toEqual([
      '',
      null,
      '',
      null,
      true,
    ]);
    expect([found.received_at, found.lcp_selector, found.page_id]).toEqual([
      Date.UTC(2026, 10, 22),
      'main > é',
      '',
    ]);
  });

  test('goes into another slab when one is full', () => {
    const rows = rowsWith(SLAB_ROWS + 1);
    expect(new Set(rows.map(({ slab }) => slab)).size).toBe(2);
    expect(rows.map(viewOfRow).every((row, index) => row.journal_offset === index)).toBe(true);
  });
});

describe('rows that are released', () => {
  test('leave their memory to the next ones, and cannot be inserted any more', () => {
    const writer = createEventRowWriter();
    const write = (text: string): EventRowRef => {
      const row = writer.begin();
      row.session_id = text;
      row.rejected_fields = [text];
      row.hostname = text;
      return writer.end();
    };
    const first = Array.from({ length: SLAB_ROWS + 1 }, () => write('before'));
    writer.release(first);
    const second = Array.from({ length: SLAB_ROWS * 2 }, () => {
      writer.begin();
      return writer.end();
    });
    expect(second.some(({ slab }) => slab === first[0]?.slab)).toBe(true);
    expect(() => nativeBlock(first.slice(0, 1), 1n)).toThrow(RangeError);
    expect(bytesOf(second).includes('before')).toBe(false);
  });

  test('keep the memory of their neighbours that are not', () => {
    const writer = createEventRowWriter();
    const rows = Array.from({ length: SLAB_ROWS * 2 }, (_, index) => {
      writer.begin().session_id = `row ${index}`;
      return writer.end();
    });
    writer.release(rows.slice(1));
    for (let more = 0; more < SLAB_ROWS * 2; more++) {
      writer.begin();
      writer.end();
    }
    expect(bytesOf(rows.slice(0, 1)).includes('row 0')).toBe(true);
  });
});

describe('memory of a block', () => {
  test('that is used again holds nothing of the block before', () => {
    const memory = createBlockMemory();
    const rows = rowsWith(20);
    const before = nativeBlock(rows, 1n, memory);
    memory.giveBack(before);
    expect(Buffer.concat(nativeBlock(rows.slice(0, 3), 2n, memory))).toEqual(bytesOf(rows.slice(0, 3), 2n));
  });
});
