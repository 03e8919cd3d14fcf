import { describe, expect, test } from 'vitest';
import { parametersOf } from './beacon-parameters.ts';

describe('parameters of a beacon', () => {
  test('are its columns and what came without one, by name', () => {
    expect(
      parametersOf({
        url: 'https://a.example/',
        largest_contentful_paint: 900,
        cls_shift_at: [10, 20],
        other: { 'bfc.nrr': 'unload-listener' },
        dimensions: { plan: 'gold' },
        timers: { hero: 12 },
      }),
    ).toEqual({
      url: 'https://a.example/',
      largest_contentful_paint: '900',
      cls_shift_at: '10, 20',
      'bfc.nrr': 'unload-listener',
      'cdim.plan': 'gold',
      'ctim.hero': '12',
    });
  });

  test('leave out what is empty, but not zero and not false', () => {
    expect(
      parametersOf({ url: '', inp: null, cls_shift_at: [], dns_duration: 0, is_bot: false, other: {} }),
    ).toEqual({ dns_duration: '0', is_bot: 'false' });
  });

  test('cut long values and keep names that mean something to JavaScript', () => {
    const parameters = parametersOf({ restiming: 'x'.repeat(9_000), other: JSON.parse('{"__proto__":"1"}') });
    expect([parameters['restiming']?.length, Object.keys(parameters)]).toEqual([
      4_097,
      ['restiming', '__proto__'],
    ]);
  });

  test('let no page put its own words into a column', () => {
    expect(parametersOf({ url: 'https://a.example/', other: { url: 'https://evil.example/' } })).toEqual({
      url: 'https://a.example/',
    });
  });
});
