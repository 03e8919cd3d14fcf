import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { afterAll, expect, test } from 'vitest';

// How long a comparison takes cannot be tested; that secrets are compared by the one function that takes always as long can.
const { timingSafeEqual } = crypto;
const compared: (readonly [number, number])[] = [];
crypto.timingSafeEqual = (a, b) => {
  compared.push([a.byteLength, b.byteLength]);
  return timingSafeEqual(a, b);
};
syncBuiltinESMExports();
afterAll(() => {
  crypto.timingSafeEqual = timingSafeEqual;
  syncBuiltinESMExports();
});

test('the token of the operator is compared in constant time, by digests of one length', async () => {
  const { isOperator } = await import('../../src/gateway/operator.ts');
  compared.length = 0;
  expect(isOperator('Bearer the-token', 'the-token')).toBe(true);
  expect(isOperator('Bearer t', 'the-token')).toBe(false);
  expect(compared).toEqual([
    [32, 32],
    [32, 32],
  ]);
});

test('the signature of a token is compared in constant time', async () => {
  const { createTokens } = await import('../../src/gateway/tokens.ts');
  const { createManualClock } = await import('#core');
  const tokens = createTokens({ key: new Uint8Array(32).fill(7) }, createManualClock(Date.UTC(2026, 10, 22)));
  const { token } = tokens.mintAccess({ tenant: 'shop', userId: 'u', subject: 'anna' });
  const [head, payload, signature = ''] = token.split('.');
  const other = `${head}.${payload}.${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
  compared.length = 0;
  expect(tokens.verify(other)).toEqual({ kind: 'refused', reason: 'signature' });
  expect(tokens.verify(token).kind).toBe('verified');
  expect(compared).toHaveLength(2);
  expect(compared.every(([one, two]) => one === two)).toBe(true);
});

test('a password is compared in constant time', async () => {
  const { createPasswords } = await import('../../src/modules/login/passwords.ts');
  const passwords = createPasswords();
  const hash = await passwords.hash('a long password');
  compared.length = 0;
  expect(await passwords.matches('another password', hash)).toBe(false);
  expect(await passwords.matches('a long password', hash)).toBe(true);
  expect(compared).toEqual([
    [32, 32],
    [32, 32],
  ]);
});
