import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readForm } from '#core';
import type { JournalEntry, JournalRecord } from '#journal';
import type { Destination } from '#tenants';
import { createLineEncoder } from './encode-line.ts';
import { lineText } from './line.ts';
import { readLine } from './read-line.ts';

const FOLDER = 'fashion_bg' as Destination;
const RULES = { own: true, traceParameters: ['brum_trace'], fallbackTime: null, latestTime: 4e12 };

const pieces = fc.constantFrom(
  'u=https%3A%2F%2Fa.b%2F',
  'rt.si=1',
  'a=%22x%5C',
  '&',
  '&',
  '=',
  '%zz',
  '%ff',
  '%C3%A9',
  'é',
  '+',
  'n=1',
  'n',
  'created_at=1',
  'rumbrella=%7B%7D',
  '__proto__=1',
  '%61=2',
  '%01',
  '%0A=1',
  '\n',
  'brum_trace=T',
  '{"a":1}',
);
const formLike = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''));
const body = fc.oneof(
  formLike.map((text) => Buffer.from(text)),
  fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
  fc
    .uniqueArray(fc.tuple(fc.string(), fc.string({ unit: 'grapheme' })), { selector: ([name]) => name })
    .map((pairs) => Buffer.from(new URLSearchParams(pairs).toString())),
);
const header = fc.tuple(
  fc.constantFrom('user-agent', 'accept-language', 'cf-ipcountry', 'x-forwarded-for', 'sec-ch-ua', '1'),
  fc.string(),
);
const record: fc.Arbitrary<JournalRecord> = fc.record({
  receivedAt: fc.integer({ min: 0, max: 3e12 }),
  destination: fc.constant(FOLDER),
  trace: fc.string({ maxLength: 20 }),
  method: fc.constantFrom('GET', 'POST'),
  query: formLike,
  body,
  headers: fc.array(header, { maxLength: 5 }),
  clientAddress: fc.constantFrom('', '192.0.2.0'),
  country: fc.constantFrom('', 'BG'),
  city: fc.constantFrom('', 'София'),
});
const entry: fc.Arbitrary<JournalEntry> = record.map((value) => ({
  segment: '0123456789abcdef',
  offset: 12_345,
  end: 12_345,
  record: value,
}));

/** What has to survive: the pairs of query and body (as they are when these say less), headers by name, everything else. */
const essence = (value: JournalRecord): unknown => {
  const pairs = (text: string): unknown => {
    const read = new Map<string, string>();
    const { exact } = readForm(text, read);
    return exact ? [...read].toSorted(([a], [b]) => (a < b ? -1 : 1)) : text;
  };
  const text = Buffer.from(value.body);
  const order = [...new Set(value.headers.map(([name]) => name))].toSorted();
  return {
    ...value,
    query: pairs(value.query),
    body: text.equals(Buffer.from(text.toString())) ? pairs(text.toString()) : text.toString('hex'),
    headers: order.map((name) => value.headers.filter(([other]) => other === name)),
  };
};

describe('a line of the archive', () => {
  test('gives back every record that was written', () => {
    const encode = createLineEncoder();
    fc.assert(
      fc.property(entry, (given) => {
        const reading = readLine(Buffer.from(encode(given, FOLDER)).toString().trimEnd(), RULES);
        if (reading.kind !== 'own') throw new Error(`found ${JSON.stringify(reading)}`);
        const { record: found, ...position } = reading.beacon;
        expect(essence(found)).toEqual(essence(given.record));
        expect(position).toMatchObject({ segment: given.segment, offset: given.offset });
      }),
      { numRuns: 3_000 },
    );
  });

  test('is the same made the fast way and the slow way', () => {
    const encode = createLineEncoder();
    fc.assert(
      fc.property(entry, (given) => {
        expect(Buffer.from(encode(given, FOLDER)).toString()).toBe(lineText(given, FOLDER));
      }),
      { numRuns: 3_000 },
    );
  });

  const example: JournalEntry = {
    segment: '00000000000000ab',
    offset: 64,
    end: 200,
    record: {
      receivedAt: Date.UTC(2026, 10, 2, 7, 5, 9, 250),
      destination: FOLDER,
      trace: 'BY83kR5MS5PM',
      method: 'POST',
      query: 'brum_trace=BY83kR5MS5PM',
      body: Buffer.from('u=https%3A%2F%2Ffashion.bg%2F%3Fa%3D1%26b%3D2&n=1&pt.lcp=812'),
      headers: [
        ['user-agent', 'Mozilla/5.0'],
        ['x-forwarded-for', '192.0.2.1'],
        ['x-forwarded-for', '192.0.2.2'],
      ],
      clientAddress: '192.0.2.0',
      country: 'BG',
      city: '',
    },
  };

  test('is an object of texts with sorted names, as Basic RUM imports it', () => {
    const line: unknown = JSON.parse(lineText(example, FOLDER));
    expect(line).toEqual({
      brum_trace: 'BY83kR5MS5PM',
      created_at: '2026-11-02 07:05:09',
      n: '1',
      'pt.lcp': '812',
      request_headers:
        '{"User-Agent":["Mozilla/5.0"],"X-Forwarded-For":["192.0.2.1","192.0.2.2"],"Cf-Ipcountry":["BG"]}',
      rumbrella: expect.any(String),
      u: 'https://fashion.bg/?a=1&b=2',
    });
    expect(Object.keys(line as object)).toEqual(Object.keys(line as object).toSorted());
  });

  test('keeps the raw request only when the parameters cannot give it back', () => {
    const metaOf = (text: string): object => {
      const line = lineText({ ...example, record: { ...example.record, body: Buffer.from(text) } }, FOLDER);
      return JSON.parse((JSON.parse(line) as { rumbrella: string }).rumbrella) as object;
    };
    expect(metaOf('a=1&b=%C3%A9')).not.toHaveProperty('body');
    for (const text of ['a=1&a=2', 'a=%ff', 'created_at=2020-01-01', '{"a":"b=c"}', 'word', 'a=é'])
      expect(metaOf(text)).toMatchObject({ body: text, query: example.record.query });
    expect(metaOf(Buffer.from([0x61, 0x3d, 0xff]).toString('latin1'))).toHaveProperty('body');
  });

  test('knows the names of its own members when it has met many others', () => {
    const encode = createLineEncoder();
    const withBody = (body: string): JournalEntry => ({
      ...example,
      record: { ...example.record, body: Buffer.from(body) },
    });
    const many = Array.from({ length: 4 }, (_, part) =>
      Array.from({ length: 4_000 }, (_none, number) => `name_${part}_${number}=1`).join('&'),
    );
    for (const body of [...many, 'rumbrella=forged', 'created_at=2020-01-01&request_headers=a'])
      expect(Buffer.from(encode(withBody(body), FOLDER)).toString()).toBe(lineText(withBody(body), FOLDER));
  });

  test('is no line of ours when its member is not believed', () => {
    const reading = readLine(lineText(example, FOLDER), { ...RULES, own: false });
    expect(reading).toMatchObject({ kind: 'foreign', unmarked: true });
  });

  test('is bad, with the reason, when its member was tampered with', () => {
    const line = JSON.parse(lineText(example, FOLDER)) as Record<string, string>;
    const meta = JSON.parse(line['rumbrella'] ?? '') as object;
    for (const change of [
      { destination: '../../etc' },
      { segment: 'zz' },
      { offset: -1 },
      { received_at: '1' },
      { in_query: 'n' },
      { v: 2 },
    ]) {
      const text = JSON.stringify({ ...line, rumbrella: JSON.stringify({ ...meta, ...change }) });
      expect(readLine(text, RULES)).toMatchObject({ kind: 'bad' });
    }
  });
});
