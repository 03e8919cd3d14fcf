import { describe, expect, test } from 'vitest';
import { EVENT_COLUMNS, viewOfRow } from '#warehouse';
import { aBeacon } from '../../test/support/a-beacon.ts';
import { LOAD, NOWHERE, ROW_OPTIONS, rowOf, rows } from '../../test/support/decoded-row.ts';
import { testTenant } from '../../test/support/warehouse.ts';
import { createBeaconRows } from './beacon-row.ts';

describe('times of a row', () => {
  test('are those of the collector, whatever the client says', () => {
    const receivedAt = Date.UTC(2026, 10, 22, 23, 59, 59, 999);
    const row = rowOf({ created_at: '1999-01-01 00:00:00' }, { receivedAt });
    expect([row.received_at, row.created_at, row.event_date, row.client_created_at]).toEqual([
      receivedAt,
      receivedAt,
      receivedAt,
      null,
    ]);
  });

  test('keep the time of the client beside them when it is within a day', () => {
    const row = rowOf({ created_at: '2026-11-22 09:00:00' });
    expect(row.client_created_at).toBe(Date.UTC(2026, 10, 22, 9));
  });
});

describe('visitor', () => {
  test('is where the proxy says, and else where the database says', () => {
    const geo = { find: () => ({ country: 'DE', city: 'Berlin' }) };
    const located = createBeaconRows(ROW_OPTIONS, { geo });
    expect(located.decode(aBeacon({}, { country: 'BG', city: '' }))).toMatchObject({
      geo_country_code: 'BG',
      geo_city_name: null,
    });
    expect(located.decode(aBeacon({}, { country: 'XX' }))).toMatchObject({
      geo_country_code: 'DE',
      geo_city_name: 'Berlin',
    });
  });

  test('leaves no user agent where it is not kept', () => {
    const headers = [
      ['user-agent', 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0'],
    ] as const;
    const shy = createBeaconRows({ ...ROW_OPTIONS, keepUserAgent: false }, { geo: NOWHERE });
    expect(shy.decode(aBeacon({}, { headers }))).toMatchObject({ user_agent: null, browser_name: 'Firefox' });
  });

  test('has a screen only when both sides are numbers', () => {
    expect(rowOf({ 'scr.xy': '390x844' })).toMatchObject({ screen_width: 390, screen_height: 844 });
    expect(rowOf({ 'scr.xy': '390x844x1' })).toMatchObject({
      screen_width: null,
      rejected_fields: ['scr.xy'],
    });
  });
});

describe('encoding a beacon', () => {
  test('gives the row that decoding gives, with its position', () => {
    const beacon = aBeacon(LOAD, { segment: 'fedcba9876543210', offset: 4_294_967_301 });
    const outcome = rows.encode(beacon, undefined);
    expect(outcome).toMatchObject({ kind: 'row', hostname: 'shop.example' });
    if (outcome.kind !== 'row') return;
    const row = viewOfRow(outcome.content);
    expect([row.journal_segment, row.journal_offset]).toEqual([0xfedcba9876543210n, 4_294_967_301]);
    const decoded = rows.decode(beacon);
    for (const { name, type } of EVENT_COLUMNS)
      if (!/^(Array|Map)/.test(type)) expect({ [name]: row[name] }).toEqual({ [name]: decoded[name] });
  });

  test('forgets a row that is refused', () => {
    const tenant = testTenant('shop', { hostnames: ['shop.example'], onlyHostnames: true });
    rows.encode(aBeacon({ u: 'https://copy.example/', t_done: 12, 'rt.si': 'other' }), tenant);
    const outcome = rows.encode(aBeacon({ u: 'https://shop.example/' }), tenant);
    const row = outcome.kind === 'row' ? viewOfRow(outcome.content) : null;
    expect([row?.load_time, row?.session_id, row?.hostname]).toEqual([null, '', 'shop.example']);
  });

  test('refuses host names that the tenant does not have, when it asked for that', () => {
    const tenant = testTenant('shop', { hostnames: ['shop.example'], onlyHostnames: true });
    expect(rows.encode(aBeacon(LOAD), tenant).kind).toBe('row');
    expect(rows.encode(aBeacon({ u: 'https://copy.example/' }), tenant)).toEqual({
      kind: 'refused',
      reason: 'hostname',
    });
  });

  test('tells of the fields that were not believed', () => {
    const told: string[] = [];
    const counting = createBeaconRows(ROW_OPTIONS, {
      geo: NOWHERE,
      onRejected: (fields) => told.push(...fields),
    });
    counting.encode(aBeacon({ t_done: -1, 'c.cls': 'x' }), undefined);
    expect(told).toEqual(['t_done', 'c.cls']);
  });

  test('fills a column for every column of the schema, in its order', () => {
    expect(Object.keys(rowOf({}))).toEqual(EVENT_COLUMNS.map(({ name }) => name));
  });
});
