import { describe, expect, test } from 'vitest';
import { type Fields, LOAD, rowOf } from '../../../test/support/decoded-row.ts';

describe('kind of a beacon', () => {
  test.each<[string, Fields, string, boolean]>([
    ['a load', LOAD, 'visit_page', true],
    ['an early beacon', { ...LOAD, early: 1 }, 'early', false],
    ['a quit after the load', { n: 2, 'rt.quit': '', t_done: 900 }, 'quit_page', false],
    ['a quit instead of the load', { ...LOAD, 'rt.quit': '', 'rt.abld': '' }, 'quit_page', true],
    ['a second quit with load data', { ...LOAD, n: 2, 'rt.quit': '' }, 'quit_page', false],
    ['a route', { 'http.initiator': 'spa' }, 'spa', true],
    ['a hard navigation of an application', { 'http.initiator': 'spa_hard' }, 'spa_hard', true],
    ['a return from the cache', { 'http.initiator': 'bfcache' }, 'bfcache', true],
    ['a request', { 'http.initiator': 'xhr' }, 'xhr', false],
    ['a request that was running at the end', { 'http.initiator': 'xhr', 'rt.quit': '' }, 'xhr', false],
    ['an error', { 'http.initiator': 'error' }, 'error', false],
    ['a custom metric', { 'http.initiator': 'api_custom_metric' }, 'custom', false],
    ['something else', { 'http.initiator': 'newsletter' }, 'other', false],
    ['a beacon by PHP', { http_initiator: 'xhr' }, 'xhr', false],
  ])('%s', (_, parameters, eventType, isPageView) => {
    expect(rowOf(parameters)).toMatchObject({ event_type: eventType, is_page_view: isPageView });
  });

  test('is abandoned when the visitor left before the load', () => {
    expect(rowOf({ ...LOAD, 'rt.quit': '', 'rt.abld': '' }).abandoned).toBe(true);
    expect(rowOf(LOAD).abandoned).toBe(false);
  });
});
