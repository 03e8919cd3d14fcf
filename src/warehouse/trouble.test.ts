import { ClickHouseError } from '@clickhouse/client';
import { describe, expect, it } from 'vitest';
import { troubleOf } from './trouble.ts';

const fromServer = (code: string): Error =>
  new ClickHouseError({ code, type: 'SOME_NAME', message: 'what the server says' });
const fromNode = (code: string): Error => Object.assign(new Error('connect'), { code });

describe('the trouble of a call', () => {
  it.each([
    ['rows', ['6', '27', '32', '33', '41', '69', '70', '72', '117', '131', '321', '349']],
    ['table', ['7', '8', '16', '20', '53', '60', '81', '218', '242']],
    ['table-busy', ['252']],
    ['server', ['192', '193', '201', '202', '497', '516']],
    ['unknown', ['159', '204', '209', '210', '241', '243', '319', '394', '999999']],
  ] as const)('is at the %s for these error numbers of ClickHouse', (at, codes) => {
    expect(codes.map((code) => troubleOf(fromServer(code)).at)).toEqual(codes.map(() => at));
  });

  it('is at the server when no connection came about', () => {
    expect(['ECONNREFUSED', 'ENOTFOUND', 'EHOSTUNREACH'].map((code) => troubleOf(fromNode(code)).at)).toEqual(
      ['server', 'server', 'server'],
    );
  });

  it.each(['ECONNRESET', 'EPIPE'])('is unknown when a connection broke: %s', (code) => {
    expect(troubleOf(fromNode(code))).toMatchObject({ at: 'unknown', code });
  });

  it('is an unknown TIMEOUT when no answer came in time', () => {
    const errors = [
      new Error('Timeout error.'),
      new Error('The user aborted a request.'),
      AbortSignal.abort().reason,
    ];
    expect(errors.map((error) => troubleOf(error))).toEqual(
      errors.map(() => expect.objectContaining({ at: 'unknown', code: 'TIMEOUT' })),
    );
  });

  it('is unknown for an answer that is not from ClickHouse', () => {
    expect(troubleOf(new Error('<html>502 Bad Gateway</html>'))).toMatchObject({
      at: 'unknown',
      code: 'UNKNOWN',
    });
  });

  it('is told in one line of bounded length', () => {
    const { reason } = troubleOf(new Error(`first\n${'x'.repeat(10_000)}`));
    expect([reason.length, reason.includes('\n')]).toEqual([500, false]);
  });
});
