import { describe, expect, test } from 'vitest';
import { checkSignature, sign, type SignedMessage } from './signature.ts';

const secret = 'a-secret-of-an-instance-0123456789';
const now = 1_764_590_400_000;
const message: SignedMessage = {
  from: 'gateway',
  method: 'GET',
  uri: '/hello?to=all',
  headers: [
    ['x-okapi-tenant', 'shop'],
    ['X-Okapi-Token', 'a.b.c'],
    ['x-okapi-permissions-required', 'hello.get'],
    ['x-okapi-permissions', '["hello.get"]'],
    ['accept', '*/*'],
  ],
};

describe('a signature', () => {
  test('is what docs/reference/instance-secrets.md says, computed by other software', () => {
    // printf 'gateway\n1764590400\nGET\n/hello?to=all\nx-okapi-permissions-required:hello.get\nx-okapi-permissions:["hello.get"]\n'\
    //   'x-okapi-tenant:shop\nx-okapi-token:a.b.c' | openssl dgst -sha256 -hmac a-secret-of-an-instance-0123456789
    expect(sign(secret, message, now)).toBe(
      't=1764590400,v1=5b7f97175aec18526ad3ef9d5e048548b6557873c7c096103ae6bad432a4215a',
    );
  });

  test('proves the message that it was made for, whatever the order and the capitals of its headers', () => {
    const value = sign(secret, message, now);
    const shuffled = [...message.headers]
      .toReversed()
      .map(([name, text]) => [name.toUpperCase(), text] as const);
    expect(checkSignature(value, ['another-secret', secret], { ...message, headers: shuffled }, now)).toBe(
      'good',
    );
    const more = [...message.headers, ['accept-language', 'bg'] as const];
    expect(checkSignature(value, [secret], { ...message, headers: more }, now)).toBe('good');
  });

  test.each<[string, Partial<SignedMessage>]>([
    ['who signs', { from: 'module' }],
    ['method', { method: 'POST' }],
    ['path', { uri: '/hell?to=all' }],
    ['query', { uri: '/hello?to=none' }],
    ['a header', { headers: [...message.headers].with(0, ['x-okapi-tenant', 'news']) }],
    ['a header that is gone', { headers: [...message.headers].slice(1) }],
    ['a header that has come', { headers: [...message.headers, ['x-okapi-user-id', 'me']] }],
    ['a header that came twice', { headers: [...message.headers, ['x-okapi-tenant', 'shop']] }],
  ])('proves nothing of another message: %s', (_what, other) => {
    const value = sign(secret, message, now);
    expect(checkSignature(value, [secret], { ...message, ...other }, now)).toBe('wrong');
  });

  test('proves nothing with another secret, with none, or with another time written on it', () => {
    const value = sign(secret, message, now);
    expect(checkSignature(value, [`${secret}!`], message, now)).toBe('wrong');
    expect(checkSignature(value, [], message, now)).toBe('wrong');
    expect(checkSignature(value.replace('t=1764590400', 't=1764590401'), [secret], message, now)).toBe(
      'wrong',
    );
  });

  test('is good for two minutes before and after its time', () => {
    const value = sign(secret, message, now);
    const at = (seconds: number) => checkSignature(value, [secret], message, now + seconds * 1_000);
    expect([at(-121), at(-120), at(120), at(121)]).toEqual(['stale', 'good', 'good', 'stale']);
  });

  test.each([undefined, ''])('is missing: %j', (value) => {
    expect(checkSignature(value, [secret], message, now)).toBe('missing');
  });

  test.each([
    'v1=00',
    't=1764590400',
    `t=1764590400,v1=${'0'.repeat(63)}`,
    `t=1764590400,v1=${'A'.repeat(64)}`,
    `t=-1,v1=${'0'.repeat(64)}`,
    `t=1764590400,v1=${'0'.repeat(64)},v1=${'0'.repeat(64)}`,
    `t=1764590400, v1=${'0'.repeat(64)}`,
  ])('is malformed: %j', (value) => {
    expect(checkSignature(value, [secret], message, now)).toBe('malformed');
  });
});
