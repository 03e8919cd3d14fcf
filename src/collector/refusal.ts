/** Why a beacon was not stored. The label of `rumbrella_beacons_refused_total`. */
export type RefusalReason =
  | 'body_too_large'
  | 'too_many_headers'
  | 'too_many_parameters'
  | 'method'
  | 'media_type'
  | 'content_encoding'
  | 'overloaded'
  | 'journal'
  | 'quota'
  | 'network_quota'
  | 'unknown_limit'
  | 'privacy'
  | 'too_slow'
  | 'incomplete'
  | 'internal';

/** How a refusal is answered. */
export interface Refusal {
  readonly reason: RefusalReason;
  readonly status: number;
  /** One sentence for whoever looks at the answer: what was found, what is expected. */
  readonly text: string;
  /** Further headers: name, value, … */
  readonly headers: readonly string[];
}

const refusal = (
  reason: RefusalReason,
  status: number,
  text: string,
  headers: readonly string[] = [],
): Refusal => ({ reason, status, text, headers });

const RETRY = ['Retry-After', '1'];

/** Every refusal that has an answer; limits are put into the texts. */
export const createRefusals = (limits: {
  readonly maxBodyBytes: number;
  readonly maxHeaders: number;
  readonly maxParameters: number;
  readonly networkBeaconsPerSecond: number;
  readonly unknownBeaconsPerSecond: number;
}) =>
  ({
    bodyTooLarge: refusal(
      'body_too_large',
      413,
      `the body is longer than ${limits.maxBodyBytes} bytes (collector.max_body_bytes)`,
    ),
    tooManyHeaders: refusal(
      'too_many_headers',
      431,
      `there are more than ${limits.maxHeaders} headers (collector.max_headers)`,
    ),
    tooManyParameters: refusal(
      'too_many_parameters',
      413,
      `there are more than ${limits.maxParameters} parameters (collector.max_parameters)`,
    ),
    method: refusal('method', 405, 'send a beacon with GET or POST', ['Allow', 'GET, HEAD, POST, OPTIONS']),
    mediaType: refusal(
      'media_type',
      415,
      'send the parameters as application/x-www-form-urlencoded or text/plain',
    ),
    contentEncoding: refusal('content_encoding', 415, 'send the body without a content encoding', [
      'Accept-Encoding',
      'identity',
    ]),
    tooSlow: refusal('too_slow', 408, 'the body took too long (collector.body_timeout_ms)', [
      'Connection',
      'close',
    ]),
    overloaded: refusal('overloaded', 503, 'too many beacons are waiting for the disk, try again', RETRY),
    journal: refusal('journal', 503, 'the beacon could not be stored, try again', RETRY),
    tenantQuota: refusal(
      'quota',
      429,
      'the organization sends more beacons a second than it may (beacons_per_second in the users map, else collector.tenant_beacons_per_second)',
      RETRY,
    ),
    networkQuota: refusal(
      'network_quota',
      429,
      `more than ${limits.networkBeaconsPerSecond} beacons a second come from your network (collector.network_beacons_per_second)`,
      RETRY,
    ),
    unknownQuota: refusal(
      'quota',
      429,
      `more than ${limits.unknownBeaconsPerSecond} beacons a second belong to no organization (collector.unknown_beacons_per_second)`,
      RETRY,
    ),
    unknownLimit: refusal(
      'unknown_limit',
      429,
      'too many beacons that belong to no organization came in this hour (collector.unknown_bytes_per_hour)',
      ['Retry-After', '60'],
    ),
    internal: refusal('internal', 500, 'the beacon could not be stored'),
  }) as const;
