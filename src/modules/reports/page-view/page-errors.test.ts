import { describe, expect, test } from 'vitest';
import { errorsOf } from './page-errors.ts';

const NAVIGATION = 1_780_000_000_000;
const PAGE = 'https://shop.example/p/chair?x=1';
const moment = (ms: number): string => (NAVIGATION + ms).toString(36);
const list = (...errors: readonly object[]): string => JSON.stringify(errors);
const shown = (beacons: Parameters<typeof errorsOf>[0]): readonly string[] =>
  errorsOf(beacons, PAGE).map(({ at, message }) => `${at} ${message}`);

describe('errors of a page view', () => {
  test('are those of all beacons, by ms since navigation; a list that is told again counts once', () => {
    const later = { err: list({ m: 'b', d: moment(900) }, { m: 'c' }) };
    const first = { 'c.e': moment(0), err: list({ m: 'a', d: moment(20) }) };
    expect(shown([later, first, later])).toEqual(['20 a', '900 b', 'null c']);
    expect(errorsOf([first], PAGE)[0]?.time).toBe('2026-05-28T20:26:40.020Z');
  });

  test('know the navigation from the timers where Continuity does not tell it', () => {
    const err = list({ m: 'a', d: moment(20) });
    const timers = { 'rt.start': 'navigation', 'rt.tstart': String(NAVIGATION) };
    expect(shown([{ ...timers, err }])).toEqual(['20 a']);
    expect(shown([{ ...timers, 'rt.start': 'manual', err }])).toEqual(['null a']);
    expect(shown([{ ...timers, 'rt.start': 'manual', 'rt.nstart': String(NAVIGATION - 5), err }])).toEqual([
      '25 a',
    ]);
  });

  test('have no time where a clock was set', () => {
    expect(
      shown([{ 'c.e': moment(0), err: list({ m: 'a', d: moment(-1) }, { m: 'b', d: 'zzzzzzzzz' }) }]),
    ).toEqual(['null a', 'null b']);
  });

  test('have frames with whole addresses', () => {
    const f = [{ wo: '/a.js' }, { w: '//cdn.example/b.js' }, { w: 'https://c.example/c.js' }, { f: 'x' }];
    const files = (url: string) => errorsOf([{ err: list({ f }) }], url)[0]?.frames.map(({ file }) => file);
    expect(files(PAGE)).toEqual([
      'https://shop.example/a.js',
      '//cdn.example/b.js',
      'https://c.example/c.js',
      '',
    ]);
    expect(files('')?.[0]).toBe('/a.js');
  });

  test('are what can be read of them', () => {
    expect(shown([{ err: '~(' }, { err: '7' }, {}])).toEqual([]);
  });
});
