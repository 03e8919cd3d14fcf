import { ApiError, errorOfAnswer, unreachable } from './errors.ts';

/** Parameters of a request in order; names may be repeated. */
export type Query = readonly (readonly [name: string, value: string])[];

/** How the client is asked. */
export interface RequestOptions {
  /** For which organization; default the one of the session. */
  readonly tenant?: string | undefined;
  readonly query?: Query;
  readonly signal?: AbortSignal;
}

/**
 * The one way to the gateway. The session is in cookies that no script can read; when the access cookie has run out it is renewed once
 * for all requests that wait. Errors: `ApiError`.
 */
export interface Client {
  /** GET of JSON. Requests of the same address that are under way are one; it is stopped when nobody waits for it any more. */
  get<Answer>(path: string, options?: RequestOptions): Promise<Answer>;
  /** POST, PUT, PATCH or DELETE; resolves to the JSON of the answer, null without. Forgets all kept answers. */
  send<Answer>(method: string, path: string, body?: unknown, options?: RequestOptions): Promise<Answer>;
  /** The kept answer of a GET and when it came; undefined: none. */
  kept<Answer>(
    path: string,
    options?: RequestOptions,
  ): { readonly answer: Answer; readonly at: number } | undefined;
  /** Forgets all kept answers. */
  forget(): void;
}

/** What the client needs. */
export interface ClientDeps {
  readonly fetch: typeof fetch;
  readonly now: () => number;
  /** The organization at which somebody signed in; null: nobody has. */
  readonly home: () => string | null;
  /** The session could not be renewed. */
  readonly onSessionEnded: () => void;
  /** Does something while no other tab of this browser does: a session must not be renewed by two of them, since the token for it is good once. */
  readonly alone: (work: () => Promise<boolean>) => Promise<boolean>;
  /** When a tab of this browser has renewed the session last (epoch ms); shared by all of them. */
  readonly renewedAt: { readonly read: () => number; readonly write: (at: number) => void };
}

/** Answers kept for going back and for tabs that show the same. */
const MOST_KEPT = 200;

/** Address of a request, also for links that cannot send headers: the gateway takes the organization from the path as well. */
export const addressOf = (path: string, query: Query = []): string =>
  query.length === 0
    ? path
    : `${path}?${query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;

/** A link that a browser can follow by itself (a download), with the organization in the path. */
export const linkFor = (tenant: string, path: string, query: Query = []): string =>
  `/_/invoke/tenant/${encodeURIComponent(tenant)}${addressOf(path, query)}`;

/** Creates the client. */
export const createClient = (deps: ClientDeps): Client => {
  const kept = new Map<string, { answer: unknown; at: number }>();
  const running = new Map<string, Running>();
  let renewing: Promise<boolean> | null = null;

  const ask = async (
    method: string,
    url: string,
    tenant: string | null,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<Answered> => {
    const headers: Record<string, string> = { accept: 'application/json, text/plain' };
    if (tenant !== null) headers['x-okapi-tenant'] = tenant;
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      const answer = await deps.fetch(url, {
        method,
        headers,
        credentials: 'same-origin',
        cache: 'no-store',
        ...(body !== undefined && { body: JSON.stringify(body) }),
        ...(signal !== undefined && { signal }),
      });
      return { status: answer.status, headers: answer.headers, text: await answer.text() };
    } catch {
      throw unreachable();
    }
  };
  const renew = async (): Promise<boolean> => {
    const home = deps.home();
    if (home === null) return false;
    const { status } = await ask('POST', '/authn/refresh', home, undefined);
    if (status >= 500) throw unreachable();
    return status < 400;
  };
  /** The requests of another tab may have needed the session at the same time. */
  const renewInTurn = async (since: number): Promise<boolean> => {
    if (deps.renewedAt.read() > since) return true;
    const isRenewed = await renew();
    if (isRenewed) deps.renewedAt.write(deps.now());
    return isRenewed;
  };
  const renewOnce = (since: number): Promise<boolean> => {
    renewing ??= deps
      .alone(() => renewInTurn(since))
      .finally(() => {
        renewing = null;
      });
    return renewing;
  };

  const request = async (
    method: string,
    path: string,
    { tenant, query }: RequestOptions,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<unknown> => {
    const url = addressOf(path, query);
    const to = tenant ?? deps.home();
    const begunAt = deps.now();
    let answer = await ask(method, url, to, body, signal);
    if (lacksSession(answer) && !path.startsWith('/authn/')) {
      if (!(await renewOnce(begunAt))) {
        deps.onSessionEnded();
        throw new ApiError({ kind: 'session-ended', status: 401, message: 'Your session has ended.' });
      }
      answer = await ask(method, url, to, body, signal);
    }
    return read(answer);
  };

  const get = async <Answer>(path: string, options: RequestOptions = {}): Promise<Answer> => {
    const key = keyOf(path, options);
    const one = running.get(key) ?? begin(key, path, options);
    one.waiting += 1;
    try {
      return (await untilAborted(one.asked, options.signal)) as Answer;
    } finally {
      one.waiting -= 1;
      // Nobody wants the answer any more: the server is spared the work, the browser a connection.
      if (one.waiting === 0 && running.get(key) === one) {
        running.delete(key);
        one.stop.abort();
      }
    }
  };
  const begin = (key: string, path: string, options: RequestOptions): Running => {
    const stop = new AbortController();
    const asked = request('GET', path, options, undefined, stop.signal)
      .then((answer) => {
        kept.delete(key);
        kept.set(key, { answer, at: deps.now() });
        if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value ?? '');
        return answer;
      })
      .finally(() => {
        if (running.get(key) === one) running.delete(key);
      });
    const one: Running = { asked, stop, waiting: 0 };
    running.set(key, one);
    return one;
  };

  return {
    get,
    send: async <Answer>(method: string, path: string, body?: unknown, options: RequestOptions = {}) => {
      const answer = await untilAborted(request(method, path, options, body), options.signal);
      kept.clear();
      return answer as Answer;
    },
    kept: <Answer>(path: string, options: RequestOptions = {}) =>
      kept.get(keyOf(path, options)) as { answer: Answer; at: number } | undefined,
    forget: () => kept.clear(),
  };
};

const keyOf = (path: string, { tenant, query }: RequestOptions): string =>
  `${tenant ?? ''} ${addressOf(path, query)}`;

/** A GET under way, and how many wait for it. */
interface Running {
  readonly asked: Promise<unknown>;
  readonly stop: AbortController;
  waiting: number;
}

/** The request itself goes on as long as others wait for the same. */
const untilAborted = <Answer>(asked: Promise<Answer>, signal: AbortSignal | undefined): Promise<Answer> => {
  if (signal === undefined) return asked;
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new DOMException('no longer needed', 'AbortError'));
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
};

/** An answer that has come as a whole. */
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** The access cookie has run out, and the browser does not send it any more: 401, or the 400 that Okapi's auth answers without a token. */
const lacksSession = ({ status, text }: Answered): boolean =>
  status === 401 || (status === 400 && text.startsWith('Token missing'));

const read = ({ status, headers, text }: Answered): unknown => {
  if (status >= 400) throw errorOfAnswer(status, text, headers.get('x-okapi-request-id'));
  if (text === '') return null;
  return (headers.get('content-type') ?? '').includes('json') ? (JSON.parse(text) as unknown) : text;
};
