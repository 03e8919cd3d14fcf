import { describe, expect, it } from 'vitest';
import { createManualClock } from '#core';
import { createTokens, type TokenOptions } from './tokens.ts';

const start = Date.parse('2026-11-22T12:00:00Z');
const key = new Uint8Array(32).fill(1);
const user = { tenant: 'shop', userId: 'u-1', subject: 'anna' };
const hop = {
  module: 'mod-notes-1.0.0',
  tenant: 'shop',
  originTenant: 'agency',
  userId: 'u-1',
  subject: 'anna',
  actors: ['first-1.0.0', 'second-1.0.0'],
  relation: 'agency#1',
  hop: 2,
  transaction: '123456/notes',
  entry: 3,
  expiresAt: start + 1_000_000,
};
const make = (options: Partial<TokenOptions> = {}) => {
  const clock = createManualClock(start);
  return { clock, tokens: createTokens({ key, ...options }, clock) };
};

describe('tokens', () => {
  it('of a module say all that the gateway has to know at the call back', () => {
    const { tokens } = make();
    expect(tokens.verify(tokens.mintModule(hop))).toEqual({
      kind: 'verified',
      claims: { ...hop, kind: 'module', issuedAt: start, expiresAt: start + 60_000 },
    });
  });

  it('name the latest caller outermost, as RFC 8693 has it', () => {
    const { tokens } = make();
    const [, payload = ''] = tokens.mintModule(hop).split('.');
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({
      aud: 'mod-notes-1.0.0',
      tenant: 'shop',
      user_id: 'u-1',
      act: { sub: 'second-1.0.0', act: { sub: 'first-1.0.0' } },
    });
  });

  it('of a module end with what allows them when that is sooner than a minute', () => {
    const { tokens } = make();
    expect(tokens.verify(tokens.mintModule({ ...hop, expiresAt: start + 5_000 }))).toMatchObject({
      claims: { expiresAt: start + 5_000 },
    });
  });

  it('of a module end to the second, remembered or not', () => {
    const { tokens, clock } = make();
    const token = tokens.mintModule(hop);
    clock.advance(59_999);
    expect(tokens.verify(token).kind).toBe('verified');
    clock.advance(1);
    expect(tokens.verify(token)).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('of users tolerate thirty seconds between the clocks of two gateways', () => {
    const { tokens, clock } = make();
    const { token, expiresAt } = tokens.mintAccess(user);
    clock.jumpTo(start - 30_000);
    expect(tokens.verify(token).kind).toBe('verified');
    clock.jumpTo(start - 31_000);
    expect(tokens.verify(token)).toEqual({ kind: 'refused', reason: 'early' });
    clock.jumpTo(expiresAt + 29_999);
    expect(tokens.verify(token).kind).toBe('verified');
    clock.jumpTo(expiresAt + 30_000);
    expect(tokens.verify(token)).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('of a key of the past verify, of another key or issuer not', () => {
    const old = make().tokens.mintAccess(user).token;
    const newKey = new Uint8Array(32).fill(2);
    expect(make({ key: newKey, previousKeys: [key] }).tokens.verify(old).kind).toBe('verified');
    expect(make({ key: newKey }).tokens.verify(old)).toEqual({ kind: 'refused', reason: 'signature' });
    expect(make({ issuer: 'other' }).tokens.verify(old)).toEqual({ kind: 'refused', reason: 'signature' });
  });

  it('of other makers are told from nonsense', () => {
    const { tokens } = make();
    expect(tokens.verify('dummyJwt.eyJ0ZW5hbnQiOiJ4In0=.sig')).toEqual({
      kind: 'refused',
      reason: 'foreign',
    });
    expect(tokens.verify('a.b.c.d.e')).toEqual({ kind: 'refused', reason: 'foreign' });
    for (const text of ['', 'abc', 'a.b', 'a b.c.d', `${'a'.repeat(9_000)}.b.c`])
      expect(tokens.verify(text)).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  it('are not made with a short key', () => {
    expect(() => make({ key: new Uint8Array(31) })).toThrow(/fewer than 32 bytes/);
  });
});
