import { createHmac, timingSafeEqual } from 'node:crypto';

/** As docs/reference/instance-secrets.md describes it. */
export const SIGNATURE_HEADER = 'x-rumbrella-signature';
const WINDOW_SECONDS = 120;

/** A request that is signed: by the gateway when it calls this module, by the module when it calls the gateway. */
export interface Signed {
  readonly from: 'gateway' | 'module';
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** The header's value. */
export const sign = (secret: string, signed: Signed, seconds = Math.floor(Date.now() / 1_000)): string => {
  const okapi = Object.entries(signed.headers)
    .filter(([name]) => name.toLowerCase().startsWith('x-okapi-'))
    .map(([name, value]) => `${name.toLowerCase()}:${String(value)}`)
    .toSorted((a, b) => (a < b ? -1 : 1));
  const text = [signed.from, String(seconds), signed.method, signed.target, ...okapi].join('\n');
  return `t=${seconds},v1=${createHmac('sha256', secret).update(text, 'latin1').digest('hex')}`;
};

/** Does the request carry the signature of somebody who knows the secret, made within the last two minutes? */
export const isSigned = (secret: string, signed: Signed): boolean => {
  const given = Buffer.from(String(signed.headers[SIGNATURE_HEADER] ?? ''), 'latin1');
  const seconds = Number(/^t=(\d{1,12}),/.exec(given.toString('latin1'))?.[1]);
  const expected = Buffer.from(sign(secret, signed, seconds));
  const isRecent = Math.abs(Date.now() / 1_000 - seconds) <= WINDOW_SECONDS;
  return isRecent && given.length === expected.length && timingSafeEqual(given, expected);
};
