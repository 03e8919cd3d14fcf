import type { EdgeHeaders } from './edge-headers.ts';
import { type Refusal, refuse } from './refusal.ts';

/** The one token of a request. */
export interface FoundToken {
  readonly kind: 'found';
  readonly token: string | null;
  readonly fromCookie: boolean;
  /** There is a cookie of a session, be it the refresh token's alone. */
  readonly hasSessionCookie: boolean;
}

/**
 * Finds the token in `X-Okapi-Token`, `Authorization` and the cookie `folioAccessToken`; those that are there must agree.
 * The cookie is taken out of what goes on to modules.
 */
export const findToken = (edge: EdgeHeaders): FoundToken | Refusal => {
  let token = edge.token === '' ? null : edge.token;
  if (edge.authorization !== null && edge.authorization !== '') {
    const bearer = edge.authorization.startsWith('Bearer ')
      ? edge.authorization.slice(7).trim()
      : edge.authorization;
    if (token !== null && token !== bearer) return differentTokens();
    token = bearer;
  }
  if (edge.cookie === null) return { kind: 'found', token, fromCookie: false, hasSessionCookie: false };

  const kept: string[] = [];
  let fromCookie: string | null = null;
  let hasSessionCookie = false;
  for (const part of edge.cookie.split(';')) {
    const cookie = part.trim();
    hasSessionCookie ||= cookie.startsWith(`${refreshCookie}=`);
    if (!cookie.startsWith(`${accessCookie}=`)) {
      if (cookie !== '') kept.push(cookie);
      continue;
    }
    if (fromCookie !== null) return differentTokens();
    fromCookie = cookie.slice(accessCookie.length + 1);
  }
  if (kept.length > 0) edge.headers['cookie'] = kept.join('; ');
  if (fromCookie === null || fromCookie === '')
    return { kind: 'found', token, fromCookie: false, hasSessionCookie };
  if (token !== null && token !== fromCookie) return differentTokens();
  return { kind: 'found', token: fromCookie, fromCookie: token === null, hasSessionCookie: true };
};

/** Cookie in which FOLIO's login keeps the access token. */
export const accessCookie = 'folioAccessToken';

/** Cookie in which it keeps the refresh token: nothing for the gateway, and a session for `POST /authn/refresh` and `/authn/logout`. */
const refreshCookie = 'folioRefreshToken';

const differentTokens = (): Refusal =>
  refuse(
    400,
    'GATEWAY_TOKENS_DIFFER',
    'Different tokens in Authentication and X-Okapi-Token. Use only one of them',
  );
