import { describe, expect, test } from 'vitest';
import { rowOf, START } from '../../../test/support/decoded-row.ts';

describe('navigation', () => {
  test('gives every part of it, and a real 0 stays 0', () => {
    const row = rowOf({
      nt_nav_st: START,
      nt_red_st: START,
      nt_red_end: START + 40,
      nt_fet_st: START + 50,
      nt_dns_st: START + 60,
      nt_dns_end: START + 60,
      nt_con_st: START + 60,
      nt_ssl_st: START + 80,
      nt_con_end: START + 110,
      nt_req_st: START + 111,
      nt_res_st: START + 300,
      nt_res_end: START + 320,
      nt_domint: START + 500,
      nt_domcontloaded_end: START + 510,
      nt_domcomp: START + 800,
      nt_load_end: START + 810,
      nt_protocol: 'h3-29',
      nt_nav_type: 1,
    });
    expect(row).toMatchObject({
      redirect_duration: 40,
      stall_duration: 10,
      dns_duration: 0,
      connect_duration: 50,
      tls_duration: 30,
      tcp_duration: 20,
      request_duration: 189,
      first_byte_duration: 300,
      download_duration: 20,
      dom_interactive: 500,
      dcl: 510,
      dom_complete: 800,
      load_event_end: 810,
      next_hop_protocol: 'h3',
      navigation_type: 'reload',
      rejected_fields: [],
    });
  });

  test('of a prerendered page counts from its activation, never below 0', () => {
    const row = rowOf({
      nt_nav_st: START,
      nt_act_st: START + 1_000,
      nt_res_st: START + 300,
      nt_load_end: START + 1_400,
    });
    expect(row).toMatchObject({
      navigation_type: 'prerender',
      activation_duration: 1_000,
      first_byte_duration: 0,
      load_event_end: 400,
    });
  });

  test('takes the 0 of old browsers for missing', () => {
    expect(rowOf({ nt_nav_st: START, nt_load_end: 0 })).toMatchObject({
      load_event_end: null,
      rejected_fields: [],
    });
  });

  test('is NULL and named when it is negative or too long', () => {
    const row = rowOf({
      nt_nav_st: START,
      nt_res_st: START - 5,
      nt_load_end: START + 3_600_001,
      t_done: 69_160_352,
    });
    expect(row).toMatchObject({ first_byte_duration: null, load_event_end: null, load_time: null });
    expect(row.rejected_fields).toEqual(['first_byte_duration', 'load_event_end', 't_done']);
  });

  test('is not repeated by the beacons that come after the load', () => {
    expect(rowOf({ n: 2, 'rt.quit': '', t_done: 900, t_resp: 3, t_page: 4 })).toMatchObject({
      load_time: null,
      backend_time: null,
      frontend_time: null,
    });
  });

  test.each([
    ['http/1.1', 'h1'],
    ['h2', 'h2'],
    ['spdy/3', 'h2'],
    ['hq', 'h3'],
    ['quic', 'other'],
    ['', ''],
  ])('calls the protocol %j %j', (sent, name) => {
    expect(rowOf({ nt_protocol: sent }).next_hop_protocol).toBe(name);
  });
});
