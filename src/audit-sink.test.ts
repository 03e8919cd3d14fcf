import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createManualClock, type ManualClock, silentLog } from '#core';
import { type Database, openDatabase } from '#database';
import type { AuditEntry, AuditSink } from '#gateway';
import { type Audit, auditTables, openAudit } from '#modules';
import { createAuditSink } from './audit-sink.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');

let database: Database;
let clock: ManualClock;
let audit: Audit;
let sink: AuditSink;

beforeEach(async () => {
  database = await openDatabase({ url: '', path: ':memory:', migrations: auditTables });
  clock = createManualClock(NOON);
  audit = openAudit(database, clock, silentLog);
  sink = createAuditSink(audit, clock);
});

afterEach(async () => {
  await audit.stop();
  await database.stop();
});

const read = (change: Partial<AuditEntry> = {}): AuditEntry => ({
  requestId: '1/notes',
  transaction: '1/notes',
  userId: 'u1',
  subject: 'anna',
  originTenant: 'agency',
  tenant: 'shop',
  relation: 'agency#1',
  rule: 'rule 1',
  module: 'mod-notes-1.0.0',
  method: 'GET',
  isRead: true,
  entry: '/notes',
  path: '/notes',
  permissionsRequired: ['notes.collection.get'],
  actors: [],
  clientAddress: '192.0.2.7',
  ...change,
});
const change = (): AuditEntry => read({ method: 'POST', isRead: false });

const trailOf = async (tenant: string) => {
  await audit.settled();
  return (await audit.list({ tenant, limit: 100, before: null })).entries;
};

describe('a change for another organization', () => {
  test('is on disk in both trails before it is made, and gets its status afterwards', async () => {
    const end = await sink(change());
    for (const tenant of ['agency', 'shop'])
      expect(await trailOf(tenant)).toEqual([
        expect.objectContaining({ kind: 'acting', path: '/notes', status: null, userName: 'anna' }),
      ]);
    end?.(201);
    for (const tenant of ['agency', 'shop'])
      expect((await trailOf(tenant)).map(({ status }) => status)).toEqual([201]);
  });

  test('has an entry of its own each time', async () => {
    await Promise.all([sink(change()), sink(change()), sink(change())]);
    expect(await trailOf('shop')).toHaveLength(3);
  });
});

describe('reads for another organization', () => {
  test('of the same user at the same module share an entry for a minute', async () => {
    await Promise.all([sink(read()), sink(read({ path: '/notes/7' }))]);
    clock.advance(59_999);
    await sink(read());
    expect(await trailOf('shop')).toHaveLength(1);
    clock.advance(1);
    await sink(read());
    expect((await trailOf('agency')).map(({ kind }) => kind)).toEqual(['replaced', 'replaced']);
  });

  test('of reports share an entry until the day is over', async () => {
    const report = read({ permissionsRequired: ['reports.get'], path: '/reports/summary' });
    await sink(report);
    clock.advance(11 * 3_600_000);
    await sink(report);
    expect(await trailOf('shop')).toHaveLength(1);
    clock.advance(3_600_000);
    await sink(report);
    expect(await trailOf('shop')).toHaveLength(2);
  });

  test('of single page views share none', async () => {
    const view = read({ permissionsRequired: ['reports.page-views.get'], path: '/reports/page-views/1' });
    await sink(view);
    await sink(view);
    expect(await trailOf('shop')).toHaveLength(2);
  });

  test.each([
    { userId: 'u2' },
    { tenant: 'news' },
    { module: 'mod-users-1.0.0' },
    { relation: 'agency#2' },
    { clientAddress: '192.0.2.8' },
  ])('that differ in %o do not share an entry', async (other) => {
    await sink(read());
    await sink(read(other));
    expect(await trailOf('agency')).toHaveLength(2);
  });
});

describe('a trail that cannot be written', () => {
  test('lets nothing through, and everything again when it can be written', async () => {
    const before = read({ tenant: 'news' });
    await sink(before);
    const tables = database.as<object>().schema;
    await tables.alterTable('audit_entries').renameTo('elsewhere').execute();
    for (const entry of [read(), read(), change(), before])
      await expect(sink(entry)).rejects.toMatchObject({ code: 'AUDIT_NOT_WRITTEN' });
    await tables.alterTable('elsewhere').renameTo('audit_entries').execute();
    await sink(read());
    expect(await trailOf('shop')).toHaveLength(1);
  });

  test('that hangs refuses after ten seconds', async () => {
    const never = { ...database, as: () => hanging } as unknown as Database;
    const waiting = createAuditSink(openAudit(never, clock, silentLog), clock)(change());
    await Promise.resolve();
    clock.advance(10_000);
    await expect(waiting).rejects.toThrow('has not answered in time');
  });
});

/** A database that takes a statement and never answers. */
const hanging: unknown = new Proxy(() => undefined, {
  get: (_target, name) => (name === 'execute' ? () => new Promise(() => undefined) : hanging),
  apply: () => hanging,
});
