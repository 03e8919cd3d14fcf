import { describe, expect, test } from 'vitest';
import type { Resource } from '#reports';
import { fetchWords, serverWords } from './fetch-words.ts';

const BARE: Resource = {
  url: 'https://a.example/x.js',
  kind: 'script',
  start: 100,
  requestStart: null,
  responseStart: null,
  end: 350,
  transferBytes: null,
  encodedBytes: null,
  decodedBytes: null,
  redirect: null,
  dns: null,
  connect: null,
  tls: null,
  worker: null,
  protocol: '',
  attributes: [],
  element: null,
  serverTiming: [],
  ownData: [],
};

describe('words of a fetch', () => {
  test('say what is known, and no more', () => {
    expect(fetchWords(BARE)).toEqual([
      'https://a.example/x.js',
      'script, from 100 ms to 350 ms: 250 ms',
      'the browser does not tell its parts',
    ]);
  });

  test('end with what the page itself noted', () => {
    expect(fetchWords({ ...BARE, ownData: [{ name: 'shop', value: 'hero' }] }).at(-1)).toBe('shop: hero');
  });

  test('say how it was fetched, how large it is and what the server said', () => {
    expect(
      fetchWords({
        ...BARE,
        requestStart: 180,
        responseStart: 300,
        transferBytes: 12_300,
        encodedBytes: 12_000,
        decodedBytes: 48_000,
        dns: 20,
        connect: 50,
        tls: 30,
        protocol: 'h2',
        attributes: ['async', 'body'],
        element: { width: 400, height: 300, x: 0, y: 0, naturalWidth: 800, naturalHeight: 600 },
        serverTiming: [{ name: 'db', duration: 0.12, description: 'main' }],
      }).slice(2),
    ).toEqual([
      'h2, async, in the body',
      'DNS 20 ms, connected 50 ms (TLS 30 ms)',
      'queued 80 ms',
      'waited 120 ms',
      'loaded 50 ms',
      '12.3 kB, 48.0 kB uncompressed',
      'shown 400 × 300 px, itself 800 × 600',
      'server: db 0.12 ms (main)',
    ]);
  });

  test('of a server name what has no duration, and round what is long', () => {
    const serverTiming = [
      { name: 'hit', duration: 0, description: '' },
      { name: 'edge', duration: 1_234.5, description: '' },
    ];
    expect(serverWords({ ...BARE, serverTiming })).toEqual(['hit', 'edge 1.23 s']);
  });
});
