import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, errorCode } from '#core';
import type { TenantId } from '#tenants';
import { quoteIdentifier, ROLLUP_COLUMNS, tableNames } from '#warehouse';
import type { Source } from './contract.ts';
import { type Lock, lockCondition } from './lock.ts';
import { warehouseRefusal } from './warehouse-trouble.ts';

/** A half-open period, epoch ms. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

/** Where page views are read: the warehouse's `openViews`. */
export interface ViewSources {
  /** Looks how far the tenant's page views are rolled up; what it gives says where those of a period are. */
  look(tenantId: TenantId): Promise<{
    /** A parenthesised sub-select with these columns of the roll-up, for `FROM`. Epoch ms. */
    source(
      period: Period,
      columns: readonly string[],
    ): { readonly sql: string; readonly rolledUpTo: number | null };
  }>;
}

/** The page views of one tenant for one request; it knows how long the warehouse took. */
export interface TenantViews {
  /**
   * Runs one statement; `statement` gets for each period the sub-select of its page views: exactly those that began in it. Values from outside are parameters (`{name:Type}`), never text. Rows are arrays in the order of the
   * columns; whole numbers are numbers. Errors: `refusal` 503 (too heavy, not reachable).
   */
  read<Row extends readonly unknown[]>(
    periods: readonly Period[],
    statement: (...sources: readonly string[]) => string,
    parameters: Readonly<Record<string, unknown>>,
  ): Promise<readonly Row[]>;
  /** To what the calling account is held; null: to nothing. The sub-selects of `read` have no page view outside of it. */
  readonly lock: Lock | null;
  /**
   * Is it one of the tenant's host names: named in the users map, or seen in a beacon? Whoever is held to a part of the page views without a site may ask
   * for any, and finds what is in that part: a refusal would tell which other sites there are. Errors: as `read`.
   */
  hasSite(hostname: string): Promise<boolean>;
  /** Where the answer comes from, up to now. */
  source(hasGenerated: boolean): Source;
}

/** What reading needs. */
export interface ReadingDeps {
  readonly client: ClickHouseClient;
  readonly sources: ViewSources;
  /** Host names that the users map gives a tenant. */
  readonly hostnames: (tenant: TenantId) => readonly string[];
  readonly clock: Clock;
  /** Seconds that one statement may take. Default `READING_LIMITS.seconds`. */
  readonly maxSeconds?: number;
}

/** What one statement may take. Beyond, the report is refused with a message that says so. */
const READING_LIMITS = { seconds: 20, resultRows: 2_000_000, resultBytes: 64_000_000 } as const;

/** Opens the page views of a tenant for one request; `signal` stops what runs, `lock` is to what the caller is held. */
export const openTenantViews = (
  { client, sources, hostnames, clock, maxSeconds = READING_LIMITS.seconds }: ReadingDeps,
  tenant: TenantId,
  signal: AbortSignal,
  lock: Lock | null,
): TenantViews => {
  let elapsedMs = 0;
  let rolledUpTo: number | null | undefined;
  // One look for all statements of a report.
  let looked: ReturnType<ViewSources['look']> | undefined;
  const sourcesOf = async (periods: readonly Period[], columns: readonly string[]) => {
    if (periods.length === 0) return [];
    looked ??= sources.look(tenant);
    const found = await looked;
    return periods.map((period) => found.source(period, columns));
  };
  const limits = lock === null ? null : lockCondition(lock);
  const held = (source: string): string =>
    limits === null ? source : `(SELECT * FROM ${source} WHERE ${limits.sql})`;
  const ask = async <Row>(query: string, parameters: Readonly<Record<string, unknown>>): Promise<Row[]> => {
    const result = await client.query({
      query,
      query_params: { ...parameters },
      format: 'JSONCompact',
      abort_signal: signal,
      clickhouse_settings: { ...SETTINGS, max_execution_time: maxSeconds },
    });
    return (await result.json<Row>()).data;
  };
  return {
    lock,
    read: async <Row extends readonly unknown[]>(
      periods: readonly Period[],
      statement: (...from: readonly string[]) => string,
      parameters: Readonly<Record<string, unknown>>,
    ) => {
      const begun = clock.monotonic();
      try {
        const columns = columnsIn(`${statement(...periods.map(() => ''))} ${limits?.sql ?? ''}`);
        const found = await sourcesOf(periods, columns);
        for (const each of found) rolledUpTo = lesser(rolledUpTo, each.rolledUpTo);
        return await ask<Row>(statement(...found.map(({ sql }) => held(sql))), {
          ...parameters,
          ...limits?.parameters,
        });
      } catch (error) {
        throw warehouseRefusal(error, maxSeconds, signal);
      } finally {
        elapsedMs += clock.monotonic() - begun;
      }
    },
    hasSite: async (hostname) => {
      if (lock !== null) return lock.site === null || lock.site === hostname;
      if (hostnames(tenant).includes(hostname)) return true;
      try {
        const table = quoteIdentifier(tableNames(tenant).hostnames);
        const rows = await ask(`SELECT 1 FROM ${table} WHERE hostname = {hostname:String} LIMIT 1`, {
          hostname,
        });
        return rows.length > 0;
      } catch (error) {
        // A tenant that had no beacon yet may have no tables.
        if (errorCode(error) === UNKNOWN_TABLE) return false;
        throw warehouseRefusal(error, maxSeconds, signal);
      }
    },
    source: (hasGenerated) => ({
      rolledUpTo: rolledUpTo === undefined || rolledUpTo === null ? null : new Date(rolledUpTo).toISOString(),
      elapsedMs: Math.round(elapsedMs),
      hasGenerated,
    }),
  };
};

/** The columns of the roll-up that a statement names; a source with more of them takes longer to be understood. */
const columnsIn = (statement: string): readonly string[] => {
  const words = new Set(statement.match(/\w+/g));
  return ROLLUP_COLUMNS.filter(({ name }) => words.has(name)).map(({ name }) => name);
};

const UNKNOWN_TABLE = '60';

const SETTINGS = {
  readonly: '2',
  max_result_rows: String(READING_LIMITS.resultRows),
  max_result_bytes: String(READING_LIMITS.resultBytes),
  result_overflow_mode: 'throw',
  output_format_json_quote_64bit_integers: 0,
  cancel_http_readonly_queries_on_client_close: 1,
} as const;

const lesser = (a: number | null | undefined, b: number | null): number | null => {
  if (a === undefined) return b;
  return a === null || b === null ? null : Math.min(a, b);
};
