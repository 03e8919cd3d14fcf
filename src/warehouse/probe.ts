import type { ClickHouseClient } from '@clickhouse/client';

/** Does the server answer, and since when does it run? */
export interface Probe {
  readonly up: boolean;
  /**
   * Start of the server, epoch ms by our clock and its uptime, exact to about a second; 0 when it is not up. A later start than last time
   * means that it was restarted in between, and may have lost what its disk had not yet.
   */
  readonly startedAt: number;
}

/** Asks the server for its uptime; not up when it does not answer within `timeoutMs`. Never rejects. */
export const probe = async (client: ClickHouseClient, timeoutMs: number): Promise<Probe> => {
  try {
    const result = await client.query({
      query: 'SELECT toUInt32(uptime()) AS uptime',
      format: 'JSONCompactEachRow',
      abort_signal: AbortSignal.timeout(timeoutMs),
    });
    const [row] = await result.json<[uptime: number]>();
    return row === undefined ? DOWN : { up: true, startedAt: Date.now() - row[0] * 1_000 };
  } catch {
    return DOWN;
  }
};

const DOWN: Probe = { up: false, startedAt: 0 };
