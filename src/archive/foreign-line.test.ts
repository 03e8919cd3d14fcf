import { describe, expect, test } from 'vitest';
import { readForm } from '#core';
import type { LineReading } from './beacon.ts';
import { readLine } from './read-line.ts';

const FALLBACK = Date.UTC(2023, 8, 5, 7);
const rules = {
  own: false,
  traceParameters: ['brum_trace', 'brum_site_id'],
  fallbackTime: FALLBACK as number | null,
  latestTime: Date.UTC(2026, 10, 2),
};

type Foreign = Extract<LineReading, { kind: 'foreign' }>;

const read = (value: unknown, changed: Partial<typeof rules> = {}): Foreign => {
  const reading = readLine(typeof value === 'string' ? value : JSON.stringify(value), {
    ...rules,
    ...changed,
  });
  if (reading.kind !== 'foreign') throw new Error(`found ${JSON.stringify(reading)}`);
  return reading;
};

const parametersOf = ({ record }: Foreign): Record<string, string> => {
  const pairs = new Map<string, string>();
  readForm(Buffer.from(record.body).toString(), pairs);
  return Object.fromEntries(pairs);
};

const HTTP_HEADERS = {
  'User-Agent': ['Mozilla/5.0 (X11)'],
  'Cf-Ipcountry': ['"BG"'],
  'Cf-Ipcity': ['Asenovgrad'],
  'Cf-Connecting-Ip': ['198.51.100.77'],
  'X-Forwarded-For': ['198.51.100.77', '203.0.113.9'],
  Cookie: ['secret=1'],
  'Sec-Ch-Ua': ['"Chromium";v="104"'],
};

describe('a line of the Go front with HTTP headers', () => {
  const line = {
    u: 'https://friend.example/?a=1&b=2',
    'rt.si': 'abc',
    created_at: '2022-08-27 05:53:00',
    request_headers: JSON.stringify(HTTP_HEADERS),
  };

  test('gives the parameters, the user agent, country, city and the time', () => {
    const reading = read(line);
    expect(reading.dialect).toBe('go_headers');
    expect(parametersOf(reading)).toEqual({ u: 'https://friend.example/?a=1&b=2', 'rt.si': 'abc' });
    expect(reading.record).toMatchObject({
      receivedAt: Date.UTC(2022, 7, 27, 5, 53),
      country: 'BG',
      city: 'Asenovgrad',
      method: 'POST',
      trace: '',
    });
    expect(reading.record.headers).toContainEqual(['user-agent', 'Mozilla/5.0 (X11)']);
  });

  test('gives no cookie, and of the address the network alone', () => {
    const { record } = read(line);
    expect(record.clientAddress).toBe('198.51.100.0');
    expect(JSON.stringify(record.headers)).not.toMatch(/secret|198\.51\.100\.77/);
  });

  test('reads what Go escapes', () => {
    const reading = read(
      '{"u":"https://a.b/?x=1\\u0026y=\\u003c2\\u003e","created_at":"2022-08-27 05:53:00"}',
    );
    expect(parametersOf(reading)).toEqual({ u: 'https://a.b/?x=1&y=<2>' });
  });
});

describe('a line of the Go front since March 2023', () => {
  test('has no headers: what stands there are the parameters', () => {
    const parameters = { u: 'https://a.b/', n: '1', brum_site_id: 'S1' };
    const lists = Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, [value]]));
    const reading = read({
      ...parameters,
      created_at: '2023-09-05 07:01:02',
      request_headers: JSON.stringify(lists),
    });
    expect(reading).toMatchObject({ dialect: 'go', record: { headers: [], trace: 'S1' } });
    expect(parametersOf(reading)).toEqual(parameters);
  });
});

describe('a beacon of the PHP catcher', () => {
  const beacon = {
    rt_si: 'abc',
    u: 'https://calendar.example/',
    user_agent: 'Mozilla/5.0 (Macintosh)',
    created_at: '2021-12-02 00:43:00',
  };

  test('is read from the list, wrapped, and from its own file', () => {
    const wrapped = read({ id: 'calendar_1.json', beacon_data: JSON.stringify(beacon) });
    const plain = read(beacon);
    expect(plain.dialect).toBe('php');
    expect(wrapped).toEqual(plain);
    expect(plain.record).toMatchObject({
      receivedAt: Date.UTC(2021, 11, 2, 0, 43),
      headers: [['user-agent', 'Mozilla/5.0 (Macintosh)']],
    });
    expect(parametersOf(plain)).toEqual({ rt_si: 'abc', u: 'https://calendar.example/' });
  });

  test('takes the time from outside when there is none inside', () => {
    const { created_at, ...inner } = beacon;
    const reading = read({ id: 1, beacon_data: inner, created_at });
    expect(reading.record.receivedAt).toBe(Date.UTC(2021, 11, 2, 0, 43));
  });

  test('takes the first text of a list and leaves out what is no text', () => {
    expect(parametersOf(read({ ...beacon, a: ['1', '2'], n: 7, b: { c: 1 }, d: null }))).toEqual({
      rt_si: 'abc',
      u: 'https://calendar.example/',
      a: '1',
      n: '7',
    });
  });
});

describe('any line of others', () => {
  test('is taken for the hour of its file when its time cannot be', () => {
    for (const created_at of [
      '',
      'yesterday',
      '1999-01-01 00:00:00',
      '2999-01-01 00:00:00',
      '2023-02-30 00:00:00',
    ])
      expect(read({ u: 'https://a.b/', created_at }).record.receivedAt).toBe(FALLBACK);
    expect(readLine('{"u":"x"}', { ...rules, fallbackTime: null })).toMatchObject({ kind: 'bad' });
  });

  test('has the same content in whatever order and spelling', () => {
    const one = read('{"u":"https://a.b/?\\u0026","n":"1","created_at":"2022-08-27 05:53:00"}');
    const other = read('{ "created_at":"2022-08-27 05:53:00", "n":"1", "u":"https://a.b/?&" }');
    expect(other.content).toBe(one.content);
  });

  test('keeps hostile names as plain names', () => {
    const reading = read('{"__proto__":"1","toString":"2","created_at":"2022-08-27 05:53:00"}');
    expect(new Map(Object.entries(parametersOf(reading))).get('toString')).toBe('2');
    expect(Buffer.from(reading.record.body).toString()).toContain('__proto__=1');
  });

  test('is bad when it is no object', () => {
    for (const text of ['[]', '1', '"u"', 'null', '{', '', '{}'])
      expect(readLine(text, rules)).toMatchObject({ kind: 'bad' });
  });

  test('does not become ours by a parameter of that name', () => {
    const forged = JSON.stringify({ v: 1, segment: '0000000000000001', offset: 1, destination: 'shop' });
    const reading = read({ u: 'x', created_at: '2022-08-27 05:53:00', rumbrella: forged });
    expect(reading).toMatchObject({ unmarked: true, record: { destination: 'unknown' } });
    expect(parametersOf(reading)).toEqual({ u: 'x' });
  });
});
