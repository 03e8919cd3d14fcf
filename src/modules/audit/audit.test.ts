import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type Log, type ManualClock, silentLog } from '#core';
import { type Database, openDatabase } from '#database';
import { type Audit, type NewAuditEntry, openAudit } from './audit.ts';
import { readAuditQuestion } from './question.ts';
import { auditTables } from './tables.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');

let database: Database;
let clock: ManualClock;
let audit: Audit;

beforeEach(async () => {
  database = await openDatabase({ url: '', path: ':memory:', migrations: auditTables });
  clock = createManualClock(NOON);
  audit = openAudit(database, clock, silentLog);
});

afterEach(async () => {
  await audit.stop();
  await database.stop();
});

const entry = (change: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  kind: 'acting',
  userId: 'u1',
  userName: 'anna',
  originTenant: 'agency',
  tenant: 'shop',
  relation: 'agency#1',
  summary: '',
  module: 'mod-notes-1.0.0',
  method: 'POST',
  path: '/notes',
  status: 201,
  address: '192.0.2.7',
  requestId: '1/notes',
  ...change,
});

const pathsOf = async (tenant: string | null): Promise<readonly string[]> => {
  await audit.settled();
  return (await audit.list({ tenant, limit: 10, before: null })).entries.map(({ path }) => path);
};

describe('an entry', () => {
  test('stands in the trail of both organizations, and once in that of all', async () => {
    audit.record(entry());
    expect(await pathsOf('agency')).toEqual(['/notes']);
    expect(await pathsOf('shop')).toEqual(['/notes']);
    expect(await pathsOf('news')).toEqual([]);
    expect(await pathsOf(null)).toEqual(['/notes']);
  });

  test('stands in the trails of others that it concerns', async () => {
    audit.record(entry({ tenant: 'agency' }), ['shop', 'news']);
    for (const tenant of ['agency', 'shop', 'news', null]) expect(await pathsOf(tenant)).toEqual(['/notes']);
  });

  test('is given back as it was, with the moment', async () => {
    audit.record(entry());
    await audit.settled();
    const [found] = (await audit.list({ tenant: 'shop', limit: 1, before: null })).entries;
    expect(found).toEqual({ id: expect.any(String) as string, at: '2026-11-22T12:00:00.000Z', ...entry() });
  });

  test('that cannot be written is logged with what it says', async () => {
    const logged: unknown[] = [];
    const log: Log = { ...silentLog, error: (event, fields) => logged.push([event, fields?.['entries']]) };
    const broken = openAudit(database, clock, log);
    await database.as<object>().schema.dropTable('audit_entries').execute();
    broken.record(entry());
    await broken.settled();
    expect(logged).toEqual([
      ['audit_not_written', expect.arrayContaining([expect.stringContaining('/notes')])],
    ]);
  });
});

describe('a trail', () => {
  test('is read on from where a part of it ended, without gaps or repetitions', async () => {
    const paths = Array.from({ length: 25 }, (_, index) => `/notes/${index}`);
    for (const path of paths) {
      audit.record(entry({ path }));
      clock.advance(1);
    }
    await audit.settled();
    const read: string[] = [];
    for (let before: string | null | undefined; before !== null; ) {
      const part = await audit.list({ tenant: 'shop', limit: 10, before: before ?? null });
      read.push(...part.entries.map(({ path }) => path));
      before = part.next;
    }
    expect(read).toEqual(paths.toReversed());
  });

  test('is read without reads when only changes are asked for, part by part', async () => {
    for (let index = 0; index < 6; index += 1) {
      audit.record(entry({ path: `/changed/${index}`, summary: 'says "kind":"replaced"' }));
      audit.record(entry({ path: `/read/${index}`, method: 'GET', kind: 'replaced', status: null }));
      clock.advance(1);
    }
    await audit.settled();
    for (const tenant of ['shop', 'agency', null]) {
      const read: string[] = [];
      for (let before: string | null | undefined; before !== null; ) {
        const wish = { tenant, limit: 4, before: before ?? null, changesOnly: true };
        const part = await audit.list(wish);
        read.push(...part.entries.map(({ path }) => path));
        before = part.next;
      }
      expect(read).toEqual([5, 4, 3, 2, 1, 0].map((index) => `/changed/${index}`));
    }
  });

  test('knows the reads of before among its entries', async () => {
    const old = await openDatabase({ url: '', path: ':memory:', migrations: auditTables.slice(0, 1) });
    const insert = (id: string, line: object): Promise<unknown> =>
      old
        .as<{ audit_entries: Record<string, string | number> }>()
        .insertInto('audit_entries')
        .values({
          tenant: 'shop',
          place: `00${NOON} ${id}`,
          is_main: 1,
          relation: '',
          doc: JSON.stringify(line),
        })
        .execute();
    await insert('a', { ...entry({ path: '/changed', summary: 'says "kind":"replaced"' }), id: 'a' });
    await insert('b', { ...entry({ path: '/read', kind: 'replaced' }), id: 'b' });
    await auditTables[1]?.up(old.as<object>());
    const trail = openAudit(old, clock, silentLog);
    const { entries } = await trail.list({ tenant: 'shop', limit: 9, before: null, changesOnly: true });
    expect(entries.map(({ path }) => path)).toEqual(['/changed']);
    await old.stop();
  });

  test('tells when a relation was written by last', async () => {
    audit.record(entry());
    clock.advance(60_000);
    audit.record(entry());
    audit.record(entry({ relation: null }));
    await audit.settled();
    expect(await audit.lastByRelation()).toEqual(new Map([['agency#1', '2026-11-22T12:01:00.000Z']]));
  });

  test('forgets entries after two years', async () => {
    audit.record(entry({ path: '/old' }));
    await audit.settled();
    clock.advance(3 * 366 * 86_400_000);
    const later = openAudit(database, clock, silentLog);
    later.record(entry({ path: '/new' }));
    await later.settled();
    expect(await pathsOf('shop')).toEqual(['/new']);
  });
});

test.each(['only=reads', 'only=', 'limit=0', 'limit=501', 'limit=x', 'before=yesterday', "before=1' or '1"])(
  'refuses the parameters %s',
  (query) => {
    expect(() => readAuditQuestion(new URLSearchParams(query), null)).toThrow('expected');
  },
);
