import { describe, expect, it } from 'vitest';
import type { TenantId } from '#tenants';
import { retentionOf, retentionStatement } from './retention.ts';

const SERVER = { kind: 'server' } as const;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- an id of the right form
const TENANT = 'shop' as TenantId;
const engine = (ttl: string): string =>
  `MergeTree PARTITION BY x ORDER BY y${ttl} SETTINGS index_granularity = 8192`;
const OURS = engine(' TTL toDateTime(received_at) + toIntervalDay(395)');
const FOREIGN = engine(' TTL created_at + toIntervalMonth(1)');

describe('retention', () => {
  it.each([
    [engine(''), 'none'],
    [OURS, 395],
    [FOREIGN, 'foreign'],
  ])('is read from the text of the engine: %s', (text, expected) => {
    expect(retentionOf(text)).toBe(expected);
  });

  it.each([
    ['as it should be', OURS, 395],
    ['none and none wanted', engine(''), null],
    ["somebody else's and none wanted", FOREIGN, null],
  ])('needs no statement when it is %s', (_what, text, days) => {
    expect(retentionStatement(SERVER, TENANT, text, days)).toBeUndefined();
  });

  it.each([
    [
      engine(''),
      30,
      'ALTER TABLE `shop_webperf_rum_events` MODIFY TTL toDateTime(received_at) + toIntervalDay(30)',
    ],
    [OURS, null, 'ALTER TABLE `shop_webperf_rum_events` REMOVE TTL'],
    [
      FOREIGN,
      7,
      'ALTER TABLE `shop_webperf_rum_events` MODIFY TTL toDateTime(received_at) + toIntervalDay(7)',
    ],
  ])('changes %s to %s days', (text, days, statement) => {
    expect(retentionStatement(SERVER, TENANT, text, days)).toBe(statement);
  });
});
