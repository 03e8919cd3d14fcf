import { describe, expect, test } from 'vitest';
import { addressOf, type Client, createClient, linkFor } from './client.ts';
import { ApiError } from './errors.ts';

/** A request that reached the server. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly tenant: string | null;
}

/** A server as the client sees one: `answer` gives status and body for each request. */
const aServer = (
  answer: (seen: Seen) => { readonly status: number; readonly body?: unknown; readonly text?: string },
  tabs: { renewedAt: number } = { renewedAt: -1 },
): { readonly client: Client; readonly seen: Seen[]; readonly endings: () => number } => {
  const seen: Seen[] = [];
  let endings = 0;
  const client = createClient({
    fetch: (url, init) => {
      const one: Seen = {
        method: init?.method ?? 'GET',
        url: typeof url === 'string' ? url : '',
        tenant: new Headers(init?.headers).get('x-okapi-tenant'),
      };
      seen.push(one);
      const { status, body, text } = answer(one);
      return Promise.resolve(
        new Response(status === 204 ? null : (text ?? JSON.stringify(body)), {
          status,
          headers: { 'content-type': text === undefined ? 'application/json' : 'text/plain' },
        }),
      );
    },
    now: () => seen.length,
    home: () => 'demo_agency',
    alone: (work) => work(),
    renewedAt: {
      read: () => tabs.renewedAt,
      write: (at) => {
        tabs.renewedAt = at;
      },
    },
    onSessionEnded: () => {
      endings += 1;
    },
  });
  return { client, seen, endings: () => endings };
};

const failureOf = (asked: Promise<unknown>): Promise<ApiError> =>
  asked.then(
    () => Promise.reject(new Error('the request did not fail')),
    (error: unknown) => error as ApiError,
  );

describe('the client', () => {
  test('names the organization in the header, and the home where none is given', async () => {
    const { client, seen } = aServer(() => ({ status: 200, body: {} }));
    await client.get('/reports/summary', { tenant: 'demo_shop', query: [['filter', 'url:is:a&b']] });
    await client.get('/organizations');
    expect(seen).toEqual([
      { method: 'GET', url: '/reports/summary?filter=url%3Ais%3Aa%26b', tenant: 'demo_shop' },
      { method: 'GET', url: '/organizations', tenant: 'demo_agency' },
    ]);
  });

  test('asks once for what is asked for twice at a time, but not for two organizations', async () => {
    const { client, seen } = aServer(() => ({ status: 200, body: {} }));
    await Promise.all([
      client.get('/reports/live', { tenant: 'demo_shop' }),
      client.get('/reports/live', { tenant: 'demo_shop' }),
      client.get('/reports/live', { tenant: 'demo_news' }),
    ]);
    expect(seen.map(({ tenant }) => tenant)).toEqual(['demo_shop', 'demo_news']);
  });

  test('renews the session once for all requests that wait for it', async () => {
    let isRenewed = false;
    const { client, seen, endings } = aServer(({ url }) => {
      if (url === '/authn/refresh') isRenewed = true;
      return isRenewed ? { status: 200, body: { ok: true } } : { status: 401, text: 'Invalid token' };
    });
    const answers = await Promise.all([client.get('/a'), client.get('/b')]);
    expect(answers).toEqual([{ ok: true }, { ok: true }]);
    expect(seen.filter(({ url }) => url === '/authn/refresh')).toEqual([
      { method: 'POST', url: '/authn/refresh', tenant: 'demo_agency' },
    ]);
    expect(endings()).toBe(0);
  });

  test('renews the session when the browser has dropped the cookie that ran out', async () => {
    let isRenewed = false;
    const { client } = aServer(({ url }) => {
      if (url === '/authn/refresh') isRenewed = true;
      return isRenewed
        ? { status: 200, body: { ok: true } }
        : { status: 400, text: 'Token missing, access requires permission: reports.get' };
    });
    expect(await client.get('/reports/summary')).toEqual({ ok: true });
  });

  test('does not renew a session that another tab has renewed while it waited', async () => {
    const tabs = { renewedAt: -1 };
    const { client, seen } = aServer(({ url }) => {
      if (url !== '/a' || tabs.renewedAt > 0) return { status: 200, body: { ok: true } };
      tabs.renewedAt = 1;
      return { status: 401, text: 'Invalid token' };
    }, tabs);
    expect(await client.get('/a')).toEqual({ ok: true });
    expect(seen.map(({ url }) => url)).toEqual(['/a', '/a']);
  });

  test('says that the session has ended when it cannot be renewed', async () => {
    const { client, endings } = aServer(() => ({ status: 401, text: 'Invalid token' }));
    expect(await failureOf(client.get('/a'))).toMatchObject({ kind: 'session-ended', status: 401 });
    expect(endings()).toBe(1);
  });

  test('does not try to renew a session for a wrong password', async () => {
    const { client, seen } = aServer(() => ({ status: 401, text: 'Invalid token' }));
    await failureOf(client.send('POST', '/authn/login-with-expiry', {}));
    expect(seen).toHaveLength(1);
  });

  test('keeps answers apart for each organization, and forgets them after a change', async () => {
    const { client } = aServer(({ tenant }) => ({ status: 200, body: { tenant } }));
    await client.get('/reports/sites', { tenant: 'demo_shop' });
    expect(client.kept('/reports/sites', { tenant: 'demo_shop' })?.answer).toEqual({ tenant: 'demo_shop' });
    expect(client.kept('/reports/sites', { tenant: 'demo_news' })).toBeUndefined();
    await client.send('POST', '/annotations', {});
    expect(client.kept('/reports/sites', { tenant: 'demo_shop' })).toBeUndefined();
  });

  test('does not keep a failure', async () => {
    const { client } = aServer(() => ({ status: 500, text: 'Internal error' }));
    await failureOf(client.get('/reports/sites'));
    expect(client.kept('/reports/sites')).toBeUndefined();
  });

  test('lets one of two that wait go without taking the answer from the other', async () => {
    const { client } = aServer(() => ({ status: 200, body: 1 }));
    const gone = new AbortController();
    const dropped = failureOf(client.get('/a', { signal: gone.signal }));
    const waiting = client.get('/a');
    gone.abort();
    expect(await dropped).toMatchObject({ name: 'AbortError' });
    expect(await waiting).toBe(1);
  });

  test('stops a request that nobody waits for any more, and asks anew when it is wanted again', async () => {
    const signals: (AbortSignal | null | undefined)[] = [];
    const client = createClient({
      fetch: (_url, init) => {
        signals.push(init?.signal);
        return new Promise((_resolve, reject) => {
          init?.signal?.addEventListener('abort', () => reject(new DOMException('stopped', 'AbortError')));
        });
      },
      now: () => 0,
      home: () => 'demo_agency',
      alone: (work) => work(),
      renewedAt: { read: () => 0, write: () => undefined },
      onSessionEnded: () => undefined,
    });
    const [first, second] = [new AbortController(), new AbortController()];
    const both = [first, second].map(({ signal }) => failureOf(client.get('/a', { signal })));
    first.abort();
    await both[0];
    expect(signals.map((signal) => signal?.aborted)).toEqual([false]);
    second.abort();
    await both[1];
    expect(signals.map((signal) => signal?.aborted)).toEqual([true]);
    void client.get('/a').catch(() => undefined);
    expect(signals).toHaveLength(2);
  });

  test.each([
    [400, 'refused'],
    [403, 'forbidden'],
    [404, 'not-found'],
    [429, 'refused'],
    [500, 'broken'],
    [503, 'unreachable'],
  ] as const)('takes %d as %s', async (status, kind) => {
    const { client } = aServer(() => ({ status, text: 'no' }));
    expect(await failureOf(client.get('/a'))).toMatchObject({ kind, status });
  });

  test('takes a report that is too heavy as that: the server is there, and asking again does not help', async () => {
    const errors = [{ message: 'the report takes more than 20 s', code: 'REPORT_TOO_HEAVY' }];
    const { client } = aServer(() => ({ status: 503, body: { errors } }));
    expect(await failureOf(client.get('/a'))).toMatchObject({ kind: 'too-heavy', status: 503 });
  });

  test('reads errors of modules with what they say of each field', async () => {
    const errors = [
      { message: 'the title is empty', code: 'TITLE_EMPTY', parameters: [{ key: 'title', value: '' }] },
    ];
    const { client } = aServer(() => ({ status: 422, body: { errors } }));
    const error = await failureOf(client.send('POST', '/annotations', {}));
    expect(error.message).toBe('The title is empty');
    expect(error.code).toBe('TITLE_EMPTY');
    expect(error.fields.get('title')).toBe('The title is empty');
  });

  test('shows hostile and endless text as a short sentence', async () => {
    const { client } = aServer(() => ({ status: 400, text: `<img src=x>${'a'.repeat(10_000)}` }));
    const { message } = await failureOf(client.get('/a'));
    expect(message).toMatch(/^<img src=x>/);
    expect(message.length).toBeLessThanOrEqual(500);
  });
});

describe('links', () => {
  test('carry the organization in the path, since a browser sends no header by itself', () => {
    expect(linkFor('demo_shop', '/reports/summary', [['format', 'csv']])).toBe(
      '/_/invoke/tenant/demo_shop/reports/summary?format=csv',
    );
  });

  test('keep whatever stands in a parameter inside of it', () => {
    expect(addressOf('/a', [['filter', 'x&y=z#']])).toBe('/a?filter=x%26y%3Dz%23');
  });
});
