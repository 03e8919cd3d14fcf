import type { TokenPair } from '../authtoken/session.ts';

const ACCESS = 'folioAccessToken';
const REFRESH = 'folioRefreshToken';

/** The headers that tell whether cookies can be kept with `Secure`. */
type Headers = Readonly<Record<string, string>>;

/** The cookies of a session, as FOLIO names them: unreadable for scripts, and the refresh token only where it is needed. */
export const sessionCookies = (
  pair: Pick<TokenPair, 'accessToken' | 'accessTokenExpiration' | 'refreshToken' | 'refreshTokenExpiration'>,
  now: number,
  headers: Headers,
): readonly string[] => [
  cookie(ACCESS, pair.accessToken, '/', pair.accessTokenExpiration - now, headers),
  cookie(REFRESH, pair.refreshToken, '/authn', pair.refreshTokenExpiration - now, headers),
];

/** Takes the cookies back. */
export const noCookies = (headers: Headers): readonly string[] => [
  cookie(ACCESS, '', '/', 0, headers),
  cookie(REFRESH, '', '/authn', 0, headers),
];

/** The refresh token of a request's cookies. */
export const refreshTokenOf = (header: string | undefined): string | undefined =>
  (header ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${REFRESH}=`))
    ?.slice(REFRESH.length + 1);

/**
 * Does the browser keep a cookie with `Secure`? Not when it came in plain text from another machine. From this machine it does, and a proxy that ends TLS here
 * looks like this machine. See docs/decisions/0008-secure-cookies.md.
 */
export const keepsSecure = (headers: Headers): boolean => {
  const [protocol = ''] = (headers['x-forwarded-proto'] ?? '').split(',');
  if (protocol.trim().toLowerCase() === 'https') return true;
  const address = (headers['x-okapi-request-ip'] ?? '').replace(/^::ffff:/, '');
  return address === '::1' || address.startsWith('127.');
};

const cookie = (name: string, value: string, path: string, lifeMs: number, headers: Headers): string =>
  [
    `${name}=${value}`,
    `Path=${path}`,
    `Max-Age=${Math.max(0, Math.floor(lifeMs / 1_000))}`,
    'HttpOnly',
    ...(keepsSecure(headers) ? ['Secure'] : []),
    'SameSite=Lax',
  ].join('; ');
