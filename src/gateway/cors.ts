import type { HeaderMap } from './header-rules.ts';

/** Cross-origin rules: which pages of other origins may call, with credentials. */
export interface Cors {
  /** The answer to a preflight; null when the request is none. */
  preflight(
    method: string,
    headers: RequestOrigin,
  ): { readonly status: number; readonly headers: HeaderMap } | null;
  /** Headers for an answer. */
  headersFor(headers: RequestOrigin): HeaderMap | null;
  /**
   * May a writing request use the session's cookie, which a browser sends along without being asked to? Only when it is shown to come from a page of
   * this origin or of a configured one: by `Sec-Fetch-Site`, which no page can set, and by `Origin`. One that shows neither is no browser's of
   * today, and programs have a header for their token.
   */
  mayUseCookie(headers: RequestOrigin): boolean;
}

/** The request's headers that matter here. */
export interface RequestOrigin {
  readonly origin?: string | undefined;
  readonly host?: string | undefined;
  readonly 'sec-fetch-site'?: string | string[] | undefined;
  readonly 'access-control-request-method'?: string | undefined;
}

/** Creates the rules. `origins` are compared exactly (`https://desk.example.org`); none: no other origin may call. */
export const createCors = (origins: readonly string[]): Cors => {
  const allowed = new Set(origins);
  const varies: HeaderMap = Object.freeze({ vary: 'Origin' });
  const headersOf = (origin: string): HeaderMap => ({
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers': exposed,
  });
  return {
    preflight: (method, headers) => {
      if (method !== 'OPTIONS' || headers.origin === undefined) return null;
      if (headers['access-control-request-method'] === undefined) return null;
      if (!allowed.has(headers.origin)) return { status: 403, headers: varies };
      return {
        status: 204,
        headers: {
          ...headersOf(headers.origin),
          'access-control-allow-methods': 'PUT,PATCH,DELETE,GET,POST',
          'access-control-allow-headers': accepted,
          'access-control-max-age': '7200',
        },
      };
    },
    headersFor: ({ origin }) => {
      if (allowed.size === 0) return null;
      return origin !== undefined && allowed.has(origin) ? headersOf(origin) : varies;
    },
    mayUseCookie: ({ origin, host, 'sec-fetch-site': site }) => {
      if (origin !== undefined && allowed.has(origin)) return true;
      if (site !== undefined && site !== 'same-origin') return false;
      if (origin === undefined) return site === 'same-origin';
      return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
    },
  };
};

const exposed =
  'Location,X-Okapi-Trace,X-Okapi-Token,Authorization,X-Okapi-Request-Id,X-Okapi-Module-Id,Credentials';
const accepted =
  'Content-Type,X-Okapi-Tenant,X-Okapi-Token,Authorization,X-Okapi-Request-Id,X-Okapi-Module-Id,Credentials';
