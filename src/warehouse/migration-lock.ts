import { hostname } from 'node:os';
import { randomBytes } from 'node:crypto';
import type { ClickHouseClient } from '@clickhouse/client';
import { z } from 'zod';
import { AppError, type Clock, errorCode } from '#core';
import { quoteIdentifier, quoteText } from './identifier.ts';
import { type Layout, onCluster } from './layout.ts';

/** The lock that is held while tables are being migrated. */
export interface MigrationLock {
  /** Aborts when the lock was lost (another process took it over): stop at the next statement. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Times of the lock, ms. */
export interface MigrationLockOptions {
  /** A holder that has not renewed its lock for so long is gone. Default 60 s. */
  readonly staleMs?: number;
  /** How often the holder renews it. Default 10 s. */
  readonly renewMs?: number;
  /** How long to wait for it. Default 120 s; then `WAREHOUSE_MIGRATION_LOCKED`. */
  readonly waitMs?: number;
  readonly pollMs?: number;
}

const LOCK = 'rumbrella_migration_lock';
const TAKEOVER = 'rumbrella_migration_lock_takeover';
const TABLE_EXISTS = '57';

/** Who holds a lock: written into the comment of the table that is the lock. */
interface Holder {
  readonly host: string;
  readonly pid: number;
  /** When that process began, epoch ms: tells it from an earlier one with the same number (as in a container). */
  readonly began: number;
  readonly nonce: string;
  /** Server's clock, epoch seconds, when it was renewed last. */
  readonly at: number;
}

/**
 * Waits for the lock and takes it. The lock is a table: `CREATE TABLE` without `IF NOT EXISTS` succeeds for one process only. Its comment
 * names the holder and the time of the last renewal, on the server's clock. A holder that is gone (its process on this machine has
 * ended, or it has not renewed for `staleMs`) loses it to one of those who wait: a second table decides which of them may remove it.
 */
export const acquireMigrationLock = async (
  {
    client,
    layout,
    clock,
  }: { readonly client: ClickHouseClient; readonly layout: Layout; readonly clock: Clock },
  options: MigrationLockOptions = {},
): Promise<MigrationLock> => {
  const { staleMs = 60_000, renewMs = 10_000, waitMs = 120_000, pollMs = 250 } = options;
  const me = {
    host: hostname(),
    pid: process.pid,
    began: Math.round(performance.timeOrigin),
    nonce: randomBytes(8).toString('hex'),
  };
  const run = (query: string): Promise<unknown> => client.command({ query });
  const create = async (name: string): Promise<boolean> => {
    const holder: Holder = { ...me, at: await serverTime(client) };
    const query = `CREATE TABLE ${quoteIdentifier(name)}${onCluster(layout)} (held UInt8) ENGINE = Memory COMMENT ${quoteText(JSON.stringify(holder))}`;
    return run(query).then(() => true, rejectUnless(TABLE_EXISTS));
  };
  const drop = (name: string): Promise<unknown> =>
    run(`DROP TABLE IF EXISTS ${quoteIdentifier(name)}${onCluster(layout)} SYNC`);

  const takeOver = async (): Promise<void> => {
    if (!(await create(TAKEOVER))) {
      // Whoever was taking over has died in the middle of it.
      if (await isGone(client, TAKEOVER, me, staleMs)) await drop(TAKEOVER);
      return;
    }
    try {
      if (await isGone(client, LOCK, me, staleMs)) await drop(LOCK);
    } finally {
      await drop(TAKEOVER);
    }
  };

  const deadline = clock.monotonic() + waitMs;
  while (!(await create(LOCK))) {
    if (await isGone(client, LOCK, me, staleMs)) await takeOver();
    else if (clock.monotonic() > deadline)
      throw new AppError(
        'WAREHOUSE_MIGRATION_LOCKED',
        `taking the migration lock: another process has held it for ${waitMs} ms`,
        { hint: `if no other process is migrating, drop the table ${LOCK}` },
      );
    else await clock.sleep(pollMs);
  }
  const lost = new AbortController();
  const ended = new AbortController();
  const renewing = (async () => {
    for (;;) {
      await clock.sleep(renewMs, ended.signal);
      if (ended.signal.aborted) return;
      const holder = await readHolder(client, LOCK).catch(() => undefined);
      if (holder === undefined) continue;
      if (holder === null || holder.nonce !== me.nonce) return lost.abort();
      const renewed = JSON.stringify({ ...me, at: await serverTime(client).catch(() => holder.at) });
      await run(
        `ALTER TABLE ${quoteIdentifier(LOCK)}${onCluster(layout)} MODIFY COMMENT ${quoteText(renewed)}`,
      ).catch(() => undefined);
    }
  })();
  return {
    lost: lost.signal,
    release: async () => {
      ended.abort();
      await renewing;
      const holder = await readHolder(client, LOCK);
      if (holder?.nonce === me.nonce) await drop(LOCK);
    },
  };
};

const isGone = async (
  client: ClickHouseClient,
  name: string,
  me: Omit<Holder, 'at'>,
  staleMs: number,
): Promise<boolean> => {
  const holder = await readHolder(client, name);
  if (holder === null) return false;
  if ((await serverTime(client)) - holder.at > staleMs / 1_000) return true;
  if (holder.host !== me.host) return false;
  return holder.pid === me.pid ? holder.began !== me.began : !isAlive(holder.pid);
};

/** A process of this machine that has ended can be known without waiting: the usual case after a `kill -9`. */
const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
};

/** Null: the lock is free. */
const readHolder = async (client: ClickHouseClient, name: string): Promise<Holder | null> => {
  const result = await client.query({
    query: 'SELECT comment FROM system.tables WHERE database = currentDatabase() AND name = {name:String}',
    query_params: { name },
    format: 'JSONEachRow',
  });
  const [row] = await result.json<{ comment: string }>();
  return row === undefined ? null : parseHolder(row.comment);
};

const holderSchema = z.object({
  host: z.string(),
  pid: z.int().positive(),
  began: z.number(),
  nonce: z.string(),
  at: z.number(),
});

/** An unreadable comment is a holder that has been gone for ever. */
const parseHolder = (comment: string): Holder => {
  try {
    const value: unknown = JSON.parse(comment);
    const holder = holderSchema.safeParse(value);
    if (holder.success) return holder.data;
  } catch {
    // Not JSON: falls through.
  }
  return { host: '', pid: 0, began: 0, nonce: '', at: 0 };
};

const serverTime = async (client: ClickHouseClient): Promise<number> => {
  const result = await client.query({ query: 'SELECT toUnixTimestamp(now()) AS at', format: 'JSONEachRow' });
  const [row] = await result.json<{ at: number }>();
  return row?.at ?? 0;
};

const rejectUnless =
  (...codes: readonly string[]) =>
  (error: unknown): false => {
    if (codes.includes(errorCode(error))) return false;
    throw error;
  };
