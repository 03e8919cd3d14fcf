import { OPERATOR_TOKEN } from './rumbrella.ts';

/** An answer of the admin API, read whole. */
export interface AdminAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body as JSON. */
  json<T = unknown>(): T;
}

/** Calls the admin API of a running server as its operator. */
export interface AdminClient {
  readonly url: string;
  /** A text is sent as it is, anything else as JSON; undefined: no body. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<AdminAnswer>;
  /** As `ask`, and it must succeed. Errors: names the request and the answer. */
  must(method: string, path: string, body?: unknown): Promise<AdminAnswer>;
}

/** Creates the client. */
export const createAdminClient = (url: string): AdminClient => {
  const ask: AdminClient['ask'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${OPERATOR_TOKEN}`, ...headers },
      redirect: 'manual',
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      json: <T>() => JSON.parse(text) as T,
    };
  };
  return {
    url,
    ask,
    must: async (method, path, body) => {
      const answer = await ask(method, path, body);
      if (answer.status > 299) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
      return answer;
    },
  };
};
