import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits: nobody guesses them, so one round of hashing is enough to keep them. */
const SECRET_BYTES = 32;
const SHAPE = /^([a-z][a-z0-9_]{0,30})\.([A-Za-z0-9_-]{43})$/;

/** A token for a link: `<organization>.<secret>`, so that whoever opens it knows whom to ask. Shown once; kept as `hash`. */
export const makeLinkToken = (tenant: string): { readonly token: string; readonly hash: string } => {
  const secret = randomBytes(SECRET_BYTES).toString('base64url');
  return { token: `${tenant}.${secret}`, hash: hashOf(secret) };
};

/** The hash of a token of this organization; null: it is none. */
export const readLinkToken = (token: unknown, tenant: string): string | null => {
  const [, of, secret = ''] = (typeof token === 'string' && token.length < 100 && SHAPE.exec(token)) || [];
  return of === tenant ? hashOf(secret) : null;
};

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
