import { createHmac, timingSafeEqual } from 'node:crypto';

/** Header by which the gateway and an instance that share a secret show each other who they are. */
export const signatureHeader = 'x-rumbrella-signature';

/** How far the time in a signature may be from the reader's, seconds: as long a request that somebody has copied could be sent again. */
export const signatureWindowSeconds = 120;

/** What a signature covers. */
export interface SignedMessage {
  /** Who signs: a copied request of the gateway must not pass for the module's own. */
  readonly from: 'gateway' | 'module';
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly uri: string;
  /** Names and values; only those that begin with `x-okapi-` are covered, and all of them. */
  readonly headers: readonly (readonly [string, string])[];
}

/** What a reader makes of a signature. */
export type SignatureVerdict = 'good' | 'missing' | 'malformed' | 'stale' | 'wrong';

/** `t=<epoch seconds>,v1=<hex of HMAC-SHA256>`, as docs/reference/instance-secrets.md has it. `now` is epoch ms. */
export const sign = (secret: string, message: SignedMessage, now: number): string => {
  const seconds = Math.floor(now / 1_000);
  return `t=${seconds},v1=${hmac(secret, textOf(message, seconds)).toString('hex')}`;
};

/** Does the header's value prove one of the secrets? Compared in constant time. `now` is epoch ms. */
export const checkSignature = (
  value: string | undefined,
  secrets: readonly string[],
  message: SignedMessage,
  now: number,
): SignatureVerdict => {
  if (value === undefined || value === '') return 'missing';
  const [, seconds = '', hex = ''] = /^t=(\d{1,12}),v1=([\da-f]{64})$/.exec(value) ?? [];
  if (hex === '') return 'malformed';
  const found = Buffer.from(hex, 'hex');
  const text = textOf(message, Number(seconds));
  if (!secrets.some((secret) => timingSafeEqual(found, hmac(secret, text)))) return 'wrong';
  return Math.abs(now / 1_000 - Number(seconds)) <= signatureWindowSeconds ? 'good' : 'stale';
};

/** One line each for who signs, time, method, target and every header, the headers in the order of their bytes. */
const textOf = ({ from, method, uri, headers }: SignedMessage, seconds: number): string => {
  const covered: string[] = [];
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (lower.startsWith('x-okapi-')) covered.push(`${lower}:${value}`);
  }
  return [from, String(seconds), method, uri, ...covered.sort()].join('\n');
};

const hmac = (secret: string, text: string): Buffer =>
  createHmac('sha256', secret).update(text, 'latin1').digest();
