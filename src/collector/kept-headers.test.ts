import { expect, test } from 'vitest';
import { keepHeaders } from './kept-headers.ts';

const namesOf = (headers: Record<string, string>, fromTrustedProxy: boolean): string[] =>
  keepHeaders(headers, fromTrustedProxy).map(([name]) => name);

test('keeps neither credentials nor what no field is made of', () => {
  const headers = {
    cookie: 'a=b',
    authorization: 'Bearer x',
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'no-cors',
    'sec-fetch-dest': 'empty',
    'x-forwarded-for': '192.0.2.1',
    'user-agent': 'Probe',
  };
  expect(namesOf(headers, true)).toEqual(['user-agent']);
});

test('keeps the place that only a trusted proxy may tell, after all others', () => {
  const headers = { 'cf-ipcity': 'Sofia', 'cf-ipcountry': 'BG', 'sec-purpose': 'prefetch', dnt: '1' };
  expect(namesOf(headers, false)).toEqual(['dnt', 'sec-purpose']);
  expect(namesOf(headers, true)).toEqual(['dnt', 'sec-purpose', 'cf-ipcountry', 'cf-ipcity']);
});

test('cuts long values', () => {
  const [kept] = keepHeaders({ referer: 'a'.repeat(5_000) }, false);
  expect(kept?.[1]).toHaveLength(4_096);
});
