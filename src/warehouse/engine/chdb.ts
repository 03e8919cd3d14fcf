import { createRequire } from 'node:module';

/** What a statement did: rows and bytes written as the engine counted them (materialized views included). */
export interface Written {
  readonly rowsWritten: number;
  readonly bytesWritten: number;
}

/** One native connection. It runs one statement at a time; connections of one data folder run in parallel. */
export interface ChdbConnection {
  /** Runs statements and resolves to the bytes of their output in `format`. */
  query(sql: string, format: string): Promise<Buffer>;
  /** Runs one statement whose output does not matter, and says how much it wrote. */
  write(sql: string): Promise<Written>;
  /** Releases the connection with its settings, parameters and temporary tables. Only when it is idle. */
  close(): void;
}

/** Loads the engine and returns the function that opens connections to the data folder. Takes about 100 ms. */
export const loadChdb = (): ((folder: string, args: readonly string[]) => ChdbConnection) => {
  const require = createRequire(import.meta.url);
  // chDB's `Session` is not enough: its `close` waits for every statement of the process (connections pile up behind a
  // slow query), and its results leave out how many rows an INSERT wrote. The addon below it has both, per connection.
  const loader = createRequire(require.resolve('chdb'))('./dist/loader.js') as { loadNative(): Addon };
  const addon = loader.loadNative();
  return (folder, args) => {
    const handle = addon.CreateConnection(folder, args);
    return {
      query: async (sql, format) => (await addon.QueryAsyncConnection(handle, sql, format)).bytes,
      write: (sql) => addon.InsertRawAsyncConnection(handle, sql, NOTHING, false),
      close: () => addon.CloseConnection(handle),
    };
  };
};

/** The addon appends these bytes to the statement; a blank changes nothing. */
const NOTHING = Buffer.from(' ');

interface Addon {
  CreateConnection(folder: string, args: readonly string[]): unknown;
  CloseConnection(handle: unknown): void;
  QueryAsyncConnection(handle: unknown, sql: string, format: string): Promise<{ readonly bytes: Buffer }>;
  InsertRawAsyncConnection(
    handle: unknown,
    sql: string,
    payload: Buffer,
    countLines: boolean,
  ): Promise<Written>;
}
