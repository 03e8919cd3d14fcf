import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JournalRecord } from '#journal';
import type { TenantId } from '#tenants';
import { openQuarantine, type QuarantinedBeacon } from './quarantine.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rumbrella-quarantine-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const A = '00000000000000a1';
const NOW = Date.UTC(2026, 10, 22, 23, 59, 59);
const record: JournalRecord = {
  receivedAt: NOW,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser of the users map is not under test here
  destination: 'shop' as TenantId,
  trace: 'abc',
  method: 'POST',
  query: '',
  body: Buffer.from([0, 255, 10, 13]),
  headers: [['user-agent', 'x']],
  clientAddress: '',
  country: '',
  city: '',
};
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as above
const beacon = (offset: number): QuarantinedBeacon => ({
  tenant: 'shop' as TenantId,
  segment: A,
  offset,
  code: '27',
  reason: 'cannot parse',
  record,
});
const file = (): string => join(folder, 'shop', '2026-11-22.json.lines');
const lines = (): string[] =>
  readFileSync(file(), 'utf8')
    .split('\n')
    .filter((line) => line !== '');

describe('the quarantine', () => {
  test('keeps position, reason and every byte of a beacon', async () => {
    const quarantine = await openQuarantine(folder, new Set([A]));
    await quarantine.add([beacon(64)], NOW);
    const [line = ''] = lines();
    expect(JSON.parse(line)).toMatchObject({
      segment: A,
      offset: 64,
      tenant: 'shop',
      code: '27',
      reason: 'cannot parse',
      body_base64: 'AP8KDQ==',
      headers: [['user-agent', 'x']],
    });
  });

  test('holds a beacon once, also when it is met again after a restart', async () => {
    const first = await openQuarantine(folder, new Set([A]));
    await first.add([beacon(64), beacon(99)], NOW);
    await first.add([beacon(64)], NOW);
    const second = await openQuarantine(folder, new Set([A]));
    expect(second.has(beacon(99))).toBe(true);
    await second.add([beacon(99), beacon(120)], NOW);
    expect(lines()).toHaveLength(3);
  });

  test('begins a new line after one that a crash has torn, and does not count that one', async () => {
    const first = await openQuarantine(folder, new Set([A]));
    await first.add([beacon(64)], NOW);
    appendFileSync(file(), `{"segment":"${A}","offs`);
    const second = await openQuarantine(folder, new Set([A]));
    await second.add([beacon(99)], NOW);
    expect(lines()).toHaveLength(3);
    const third = await openQuarantine(folder, new Set([A]));
    expect([64, 99].map((offset) => third.has(beacon(offset)))).toEqual([true, true]);
  });

  test('remembers only what may be read again', async () => {
    const first = await openQuarantine(folder, new Set([A]));
    await first.add([beacon(64)], NOW);
    const second = await openQuarantine(folder, new Set(['00000000000000a2']));
    expect(second.has(beacon(64))).toBe(false);
  });
});
