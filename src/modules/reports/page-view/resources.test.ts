import { describe, expect, test } from 'vitest';
import { resourcesOf } from './resources.ts';

const LOAD = '{"https://ex.com/":{"|":"6,8c,7g,2s,1e","a.js":"3g,3c,2s,1e"}}';
const ROUTE = '{"https://ex.com/":{"a.js":"3g,3c,2s,1e","api":"9p0,3c,2s,1e"}}';

const beacon = (restiming: string, serverTiming = '') => ({ restiming, serverTiming });

describe('resources of a page view', () => {
  test('are those of all its beacons by their start, each once', () => {
    expect(resourcesOf([beacon(ROUTE), beacon(LOAD)]).map(({ url, kind }) => `${kind} ${url}`)).toEqual([
      'document https://ex.com/',
      'script https://ex.com/a.js',
      'xhr https://ex.com/api',
    ]);
  });

  test('know what the server said of each, with the names of the same beacon', () => {
    const first = beacon(
      '{"https://ex.com/":{"a":"31,2*3.5,9:1","b":"32,2*34:1"}}',
      "~(~(~'db~'main)~'cache)",
    );
    const second = beacon('{"https://ex.com/":{"c":"33,2*37"}}', "~(~'render)");
    const nameless = beacon('{"https://ex.com/":{"d":"34,2*37"}}');
    expect(
      resourcesOf([first, second, nameless]).map(({ serverTiming }) =>
        serverTiming.map(({ name, duration, description }) => `${name} ${duration} ${description}`),
      ),
    ).toEqual([['db 0.5 main', 'cache 9 '], ['cache 4 '], ['render 7 '], []]);
  });

  test('are what can be read of them', () => {
    expect(resourcesOf([beacon('{'), beacon(''), beacon(LOAD)])).toHaveLength(2);
  });
});
