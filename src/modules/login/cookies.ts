import type { TokenPair } from '../authtoken/sessions.ts';

const ACCESS = 'folioAccessToken';
const REFRESH = 'folioRefreshToken';

/** The cookies of a session, as FOLIO names them: unreadable for scripts, and the refresh token only where it is needed. */
export const sessionCookies = (pair: TokenPair, now: number): readonly string[] => [
  cookie(ACCESS, pair.accessToken, '/', pair.accessTokenExpiration - now),
  cookie(REFRESH, pair.refreshToken, '/authn', pair.refreshTokenExpiration - now),
];

/** Takes the cookies back. */
export const noCookies = (): readonly string[] => [
  cookie(ACCESS, '', '/', 0),
  cookie(REFRESH, '', '/authn', 0),
];

/** The refresh token of a request's cookies. */
export const refreshTokenOf = (header: string | undefined): string | undefined =>
  (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${REFRESH}=`))
    ?.slice(REFRESH.length + 1);

const cookie = (name: string, value: string, path: string, lifeMs: number): string =>
  `${name}=${value}; Path=${path}; Max-Age=${Math.max(0, Math.floor(lifeMs / 1_000))}; HttpOnly; Secure; SameSite=Lax`;
