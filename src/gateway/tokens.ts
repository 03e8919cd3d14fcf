import { createVerifier } from 'fast-jwt';
import { LRUCache } from 'lru-cache';
import { AppError, type Clock } from '#core';
import { createHmacSha256 } from './hmac.ts';
import { minKeyBytes } from './signing-key.ts';
import {
  type AccessClaims,
  type ModuleClaims,
  readClaims,
  type RefreshClaims,
  type TokenClaims,
} from './claims.ts';

/** What tokens are made with. */
export interface TokenOptions {
  /** At least 32 bytes. */
  readonly key: Uint8Array;
  /** Keys of the past that still verify and never sign. */
  readonly previousKeys?: readonly Uint8Array[];
  /** Default `rumbrella`. */
  readonly issuer?: string;
  readonly accessTokenSeconds?: number;
  readonly refreshTokenSeconds?: number;
  /** Verified tokens that are remembered at most. Default 10,000. */
  readonly cacheSize?: number;
}

/** A token and when it ends (epoch ms). */
export interface MintedToken {
  readonly token: string;
  readonly expiresAt: number;
}

/** What a token turned out to be. `foreign`: shaped like a token, but not one of ours. */
export type Verification =
  | { readonly kind: 'verified'; readonly claims: TokenClaims }
  | {
      readonly kind: 'refused';
      readonly reason: 'malformed' | 'foreign' | 'signature' | 'expired' | 'early';
    };

/** Makes and checks the tokens of this gateway. */
export interface Tokens {
  readonly issuer: string;
  mintAccess(user: UserOfToken): MintedToken;
  mintRefresh(user: UserOfToken, id: string): MintedToken;
  /** The caller bounds `expiresAt`; it is cut to 60 s from now in any case. */
  mintModule(claims: Omit<ModuleClaims, 'kind' | 'issuedAt'>): string;
  verify(token: string): Verification;
}

/** For whom a user's token is made. */
export interface UserOfToken {
  readonly tenant: string;
  readonly userId: string;
  /** User name. */
  readonly subject: string;
  /** Default: a random id. */
  readonly id?: string;
  /** End of an access token, epoch ms; default: the configured life. For service accounts, whose tokens live as long as they do. */
  readonly expiresAt?: number;
}

/** Longest life of a module token. */
const moduleTokenMs = 60_000;
/** Longest token that is looked at. */
export const maxTokenLength = 8_192;
/** How far the clocks of two gateways may differ. */
const skewMs = 30_000;

/**
 * HS256 with one key. Measured on one core: signing takes 4 µs with HS256 and 54 µs with EdDSA, and every hop needs a token,
 * so HS256; modules that want to check tokens themselves ask for a public key in vain, but the gateway is their only caller.
 * A token is ours only if its header is, character by character, the one we write: `alg`, `kid`, `jku`, `crit` of a hostile
 * header are never interpreted.
 */
export const createTokens = (options: TokenOptions, clock: Clock): Tokens => {
  const keys = [options.key, ...(options.previousKeys ?? [])];
  if (keys.some((key) => key.length < minKeyBytes))
    throw new AppError('GATEWAY_KEY_TOO_SHORT', `a signing key has fewer than ${minKeyBytes} bytes`);
  const issuer = options.issuer ?? 'rumbrella';
  const accessMs = (options.accessTokenSeconds ?? 600) * 1_000;
  const refreshMs = (options.refreshTokenSeconds ?? 604_800) * 1_000;
  const cache = new LRUCache<string, TokenClaims>({ max: options.cacheSize ?? 10_000 });
  const sign = {
    access: signer(options.key, 'at+jwt'),
    refresh: signer(options.key, 'rt+jwt'),
    module: signer(options.key, 'mod+jwt'),
  };
  const kinds = new Map(
    (['access', 'refresh', 'module'] as const).map((kind) => [headerOf(sign[kind]({})), kind] as const),
  );
  const verifiers = keys.map((key) =>
    createVerifier({
      key: Buffer.from(key),
      algorithms: ['HS256'],
      ignoreExpiration: true,
      ignoreNotBefore: true,
    }),
  );

  const check = (token: string): TokenClaims | 'malformed' | 'foreign' | 'signature' => {
    if (token.length > maxTokenLength || !tokenShape.test(token)) return 'malformed';
    const kind = kinds.get(headerOf(token));
    if (kind === undefined || token.split('.').length !== 3) return 'foreign';
    const [, payload = '', signature = ''] = token.split('.');
    if (!isCanonical(payload) || !isCanonical(signature)) return 'signature';
    for (const verify of verifiers) {
      const claims = tried(verify, token);
      if (claims !== null) return readClaims(kind, claims, issuer) ?? 'signature';
    }
    return 'signature';
  };

  const mintUser = (
    kind: 'access' | 'refresh',
    user: UserOfToken,
    lifeMs: number,
    id: string,
  ): MintedToken => {
    const now = Math.floor(clock.now() / 1_000);
    const exp = now + Math.floor(lifeMs / 1_000);
    const token = sign[kind]({
      iss: issuer,
      aud: kind === 'access' ? issuer : `${issuer}/refresh`,
      type: kind,
      tenant: user.tenant,
      sub: user.subject,
      user_id: user.userId,
      jti: id,
      iat: now,
      exp,
    });
    return { token, expiresAt: exp * 1_000 };
  };

  return {
    issuer,
    mintAccess: (user) => {
      const lifeMs = user.expiresAt === undefined ? accessMs : user.expiresAt - clock.now();
      return mintUser('access', user, lifeMs, user.id ?? crypto.randomUUID());
    },
    mintRefresh: (user, id) => mintUser('refresh', user, refreshMs, id),
    mintModule: (claims) => {
      const nowMs = clock.now();
      return sign.module({
        iss: issuer,
        aud: claims.module,
        type: 'module',
        tenant: claims.tenant,
        origin: claims.originTenant,
        sub: claims.subject,
        user_id: claims.userId ?? undefined,
        act: nestedActors(claims.actors),
        rel: claims.relation ?? undefined,
        hop: claims.hop,
        txn: claims.transaction,
        ent: claims.entry,
        iat: Math.floor(nowMs / 1_000),
        exp: Math.floor(Math.min(claims.expiresAt, nowMs + moduleTokenMs) / 1_000),
      });
    },
    verify: (token) => {
      let claims = cache.get(token);
      if (claims === undefined) {
        const checked = check(token);
        if (typeof checked === 'string') return { kind: 'refused', reason: checked };
        claims = checked;
        cache.set(token, claims);
      }
      const now = clock.now();
      const tolerance = claims.kind === 'module' ? 0 : skewMs;
      if (now >= claims.expiresAt + tolerance) {
        cache.delete(token);
        return { kind: 'refused', reason: 'expired' };
      }
      if (claims.issuedAt > now + skewMs) return { kind: 'refused', reason: 'early' };
      return { kind: 'verified', claims };
    },
  };
};

/** Three or five parts of base64 of any spelling: nothing else can be a token of anybody. Ours are then looked at strictly. */
const tokenShape =
  /^[A-Za-z0-9+/_-]+=*\.[A-Za-z0-9+/_=-]*\.[A-Za-z0-9+/_=-]*(?:\.[A-Za-z0-9+/_=-]*\.[A-Za-z0-9+/_=-]*)?$/;

const headerOf = (token: string): string => token.slice(0, token.indexOf('.'));

/** RFC 7515 with a fixed header. By hand, because every hop signs: 3 µs against the library's 7; the library verifies. */
const signer = (secret: Uint8Array, typ: string): ((payload: Record<string, unknown>) => string) => {
  const hmac = createHmacSha256(secret, maxTokenLength);
  const header = base64url(JSON.stringify({ alg: 'HS256', typ }));
  return (payload) => {
    const input = `${header}.${base64url(JSON.stringify(payload))}`;
    return `${input}.${hmac(input)}`;
  };
};

/** Through a standing buffer where the text surely fits: 0.4 µs less each time. */
const base64url = (text: string): string =>
  text.length * 3 > scratch.length
    ? Buffer.from(text).toString('base64url')
    : scratch.toString('base64url', 0, scratch.write(text));

const scratch = Buffer.alloc(8_192);

/** The same bytes have one spelling: a second spelling would be a second key in every cache. */
const isCanonical = (part: string): boolean => Buffer.from(part, 'base64url').toString('base64url') === part;

const tried = (verify: (token: string) => unknown, token: string): unknown => {
  try {
    return verify(token);
  } catch {
    return null;
  }
};

type Actor = { sub: string; act?: Actor };

/** The latest caller outermost, as RFC 8693 has it. */
const nestedActors = (actors: readonly string[]): Actor | undefined => {
  let nested: Actor | undefined;
  for (const sub of actors) nested = nested === undefined ? { sub } : { sub, act: nested };
  return nested;
};

export type { AccessClaims, ModuleClaims, RefreshClaims, TokenClaims };
