import { describe, expect, test } from 'vitest';
import { resourcesOf } from './resources.ts';

const LOAD = '{"https://ex.com/":{"|":"6,8c,7g,2s,1e","a.js":"3g,3c,2s,1e"}}';
const ROUTE = '{"https://ex.com/":{"a.js":"3g,3c,2s,1e","api":"9p0,3c,2s,1e"}}';

describe('resources of a page view', () => {
  test('are those of all its beacons by their start, each once', () => {
    expect(resourcesOf([ROUTE, LOAD]).map(({ url, kind }) => `${kind} ${url}`)).toEqual([
      'document https://ex.com/',
      'script https://ex.com/a.js',
      'xhr https://ex.com/api',
    ]);
  });

  test('are what can be read of them', () => {
    expect(resourcesOf(['{', '', LOAD])).toHaveLength(2);
  });
});
