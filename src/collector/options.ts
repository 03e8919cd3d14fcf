/** How the door for beacons behaves; the `collector` section of the configuration has this shape. */
export interface CollectorOptions {
  /** Names of the parameter that names the tenant, in order of preference. */
  readonly traceParameters: readonly string[];
  /** A larger body is answered 413. */
  readonly maxBodyBytes: number;
  /** Request line and headers together; more is answered 431. */
  readonly maxHeaderBytes: number;
  /** Number of headers; more is answered 431. */
  readonly maxHeaders: number;
  /** Parameters in query and body together; more is answered 413. */
  readonly maxParameters: number;
  /** Beacons a second that one tenant may send; more are answered 429. 0: no bound. */
  readonly tenantBeaconsPerSecond: number;
  /** Beacons a second that may come from one network of visitors (/24, /64), for whomever; more are answered 429. 0: no bound. */
  readonly networkBeaconsPerSecond: number;
  /** Beacons a second that belong to nobody; more are answered 429. 0: no bound. */
  readonly unknownBeaconsPerSecond: number;
  /** Bytes an hour that beacons of nobody may take, about; more are answered 429. 0: no bound. */
  readonly unknownBytesPerHour: number;
  /** Open connections; more are dropped. */
  readonly maxConnections: number;
  /** The headers must be complete so soon; otherwise 408. */
  readonly headerTimeoutMs: number;
  /** The body must be complete so soon after the headers; otherwise 408. */
  readonly bodyTimeoutMs: number;
  /** Addresses or CIDR ranges whose X-Forwarded-For and CF-IPCountry/CF-IPCity are believed. */
  readonly trustedProxies: readonly string[];
  /** What is kept of the visitor's address: nothing, its network (/24, /48), or all of it. */
  readonly clientAddress: 'drop' | 'anonymise' | 'keep';
  /** Beacons with `Sec-GPC: 1` are counted and not stored. */
  readonly honourGpc: boolean;
  /** Beacons with `DNT: 1` are counted and not stored. */
  readonly honourDnt: boolean;
}

/** Bytes of beacons that may be held in memory at once, until they are in the journal; more are answered 503. */
export const MAX_IN_FLIGHT_BYTES = 32 * 1024 * 1024;
