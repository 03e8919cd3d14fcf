import { errorCode, errorText } from '#core';

/** Why a call to the warehouse did not work, and what follows from it. */
export interface Trouble {
  /**
   * `rows`: the data is refused, and will be again. `table`: missing, of another schema or read-only. `table-busy`: this table cannot
   * take it now (too many parts). `server`: not reached, overloaded, or the credentials are wrong; the call did nothing.
   * `unknown`: it may have been carried out, in part or as a whole, or still be.
   */
  readonly at: 'rows' | 'table' | 'table-busy' | 'server' | 'unknown';
  /** ClickHouse's error number, Node's code (`ECONNREFUSED`), or `TIMEOUT` / `UNKNOWN`. */
  readonly code: string;
  /** One line, at most 500 characters. It may hold SQL and names of tables: for operators, never for a client. */
  readonly reason: string;
}

/** Classifies anything that a call of `@clickhouse/client` threw. */
export const troubleOf = (error: unknown): Trouble => {
  const code = codeOf(error);
  return {
    at: PLACE_OF_CODE.get(code) ?? 'unknown',
    code,
    reason: errorText(error).replaceAll('\n', ' ').slice(0, 500),
  };
};

const codeOf = (error: unknown): string => {
  const code = errorCode(error);
  if (code !== 'UNKNOWN') return code;
  if (!(error instanceof Error)) return code;
  const isTimeout = error.name === 'TimeoutError' || error.message.startsWith('Timeout error');
  return isTimeout || error.message.includes('aborted') ? 'TIMEOUT' : code;
};

/**
 * ClickHouse's error numbers (ErrorCodes.cpp), read with an INSERT of one block in mind: parse errors and checks of the table come
 * before the first part is written. Numbers that can come while parts are being written (memory 241, no space 243, fsync 204,
 * time-out 159, killed 394, network 209 and 210, unknown status of an insert 319) are left out, so they are `unknown`.
 */
const PLACE_OF_CODE: ReadonlyMap<string, Trouble['at']> = new Map<string, Trouble['at']>([
  // Cannot parse: input assertion, text, quoted string, escape, date, date and time, number, UUID, bool, IPv4, IPv6.
  ...(['6', '25', '26', '27', '38', '41', '72', '376', '441', '442', '467'] as const).map(rows),
  // Incorrect data, too large string or array, out of bounds, cannot convert, NULL in an ordinary column, constraint, read after the end, cannot read all.
  ...(['32', '33', '69', '70', '117', '128', '131', '321', '349', '469', '691'] as const).map(rows),
  // Columns: number, none, no such, type mismatch, unknown identifier. Table: unknown, dropped, unknown database, read-only, unknown engine.
  ...(['7', '8', '10', '16', '20', '47', '53', '60', '81', '218', '242', '36', '44'] as const).map(table),
  // Too many parts; too many simultaneous queries for one user or for all is the server's.
  ['252', 'table-busy'],
  // Server: too many queries, quota, unknown user, wrong password, access denied, authentication, readonly, shutting down.
  ...(['164', '192', '193', '194', '195', '201', '202', '291', '497', '516', '236'] as const).map(server),
  ...(
    [
      'ECONNREFUSED',
      'ENOTFOUND',
      'EAI_AGAIN',
      'EHOSTUNREACH',
      'ENETUNREACH',
      'EADDRNOTAVAIL',
      'ENOENT',
    ] as const
  ).map(server),
  ...(['CERT_HAS_EXPIRED', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'] as const).map(
    server,
  ),
]);

function rows(code: string): [string, Trouble['at']] {
  return [code, 'rows'];
}
function table(code: string): [string, Trouble['at']] {
  return [code, 'table'];
}
function server(code: string): [string, Trouble['at']] {
  return [code, 'server'];
}
