import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseDescriptor } from '#gateway';
import { NOON, startWorld, type World } from '../support/gateway-world.ts';
import { type HttpModule, type ModuleCall, startHttpModule } from '../support/http-module.ts';

// reliability.md F67, F71, R10, R16; the format is that of docs/reference/instance-secrets.md, computed here from its text.

const secret = 'secret-of-the-first-instance-of-things';
const other = 'secret-of-the-first-instance-of-others';
const seconds = NOON / 1_000;

const things = parseDescriptor({
  id: 'things-1.0.0',
  provides: [
    {
      id: 'things',
      version: '1.0',
      handlers: [
        { methods: ['GET', 'POST'], pathPattern: '/things*', permissionsRequired: [] },
        { methods: ['OPTIONS', 'GET'], pathPattern: '/saml', permissionsRequired: [], delegateCORS: true },
      ],
    },
    {
      id: '_tenant',
      version: '2.0',
      interfaceType: 'system',
      handlers: [{ methods: ['POST'], pathPattern: '/init' }],
    },
  ],
});

const signatureOf = (
  by: 'gateway' | 'module',
  method: string,
  uri: string,
  headers: Readonly<Record<string, unknown>>,
  { key = secret, at = seconds } = {},
): string => {
  const lines = Object.entries(headers)
    .filter(([name]) => name.toLowerCase().startsWith('x-okapi-'))
    .map(([name, value]) => `${name.toLowerCase()}:${String(value)}`)
    .toSorted((a, b) => (a < b ? -1 : 1));
  const text = [by, String(at), method, uri, ...lines].join('\n');
  return `t=${at},v1=${createHmac('sha256', key).update(text, 'latin1').digest('hex')}`;
};

let world: World;
let module: HttpModule;
const start = async (options = {}): Promise<void> => {
  world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', [], options);
  world.store.add(things);
  world.store.enable('shop', things.id);
};
const discover = (instId: string, url: string, shared?: string): void =>
  world.store.discover(things.id, { instId, url, ...(shared !== undefined && { secret: shared }) });
const ask = (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET', body?: string) =>
  world.send({
    method,
    path,
    headers: { 'x-okapi-tenant': 'shop', ...headers },
    ...(body !== undefined && { body }),
  });
const lastCall = (): ModuleCall => module.calls.at(-1) as ModuleCall;

beforeEach(async () => {
  module = await startHttpModule();
});
afterEach(async () => {
  await world.stop();
  await module.stop();
});

describe('a request to an instance with a secret', () => {
  beforeEach(async () => {
    await start();
    discover('one', `${module.url}/base`, secret);
  });
  const isSigned = ({ method, url, headers }: ModuleCall): boolean =>
    headers['x-rumbrella-signature'] === signatureOf('gateway', method, url, headers);

  test('is signed, with base path and query, every X-Okapi header and the time', async () => {
    await ask('/things/%C3%A4%20b?q=1&q=2', { 'x-okapi-token': world.token('shop'), 'x-plain': 'p' });
    expect(lastCall().url).toMatch(/^\/base\/things\//);
    expect(lastCall().headers['x-okapi-token']).toMatch(/^ey/);
    expect(isSigned(lastCall())).toBe(true);
  });

  test('is signed with a body, for nobody, for preflights and for the gateway itself', async () => {
    await ask('/things', {}, 'POST', 'a body');
    expect(isSigned(lastCall())).toBe(true);
    const preflight = { origin: 'https://x.example', 'access-control-request-method': 'GET' };
    await world.send({ method: 'OPTIONS', path: '/_/invoke/tenant/shop/saml', headers: preflight });
    expect(lastCall().method).toBe('OPTIONS');
    expect(isSigned(lastCall())).toBe(true);
    await world.gateway.system({ tenant: 'shop', moduleId: things.id, method: 'POST', path: '/init' });
    expect(lastCall().url).toBe('/base/init');
    expect(isSigned(lastCall())).toBe(true);
  });

  test('carries no signature that a client has sent, in any spelling', async () => {
    const sent = signatureOf('gateway', 'GET', '/things', { 'x-okapi-tenant': 'shop' });
    await ask('/things', { 'X-Rumbrella-Signature': sent });
    expect(isSigned(lastCall())).toBe(true);
    await ask('/things', { x_rumbrella_signature: sent });
    expect(lastCall().rawHeaders.filter((line) => line.includes('rumbrella'))).toHaveLength(1);
  });

  test('is signed for the instance that it goes to, when another one cannot be reached', async () => {
    world.store.forget(things.id, 'one');
    discover('gone', 'http://127.0.0.1:1', other);
    discover('two', module.url, secret);
    for (const path of ['/things/1', '/things/2']) {
      expect((await ask(path)).status).toBe(200);
      expect(isSigned(lastCall())).toBe(true);
    }
  });

  test('has the secret in no header, trace, explanation or answer', async () => {
    const answer = await ask('/things', { 'x-okapi-trace': '1', 'x-okapi-token': world.token('shop') });
    const told = [
      lastCall().rawHeaders,
      world.gateway.trace(String(answer.headers['x-okapi-request-id'])),
      world.gateway.explain({
        requestedTenant: 'shop',
        originTenant: 'shop',
        method: 'GET',
        path: '/things',
        moduleId: null,
        body: undefined,
      }),
      answer.headers,
    ];
    expect(JSON.stringify(told)).toContain('things');
    expect(JSON.stringify(told)).not.toContain(secret);
  });
});

test('an instance without a secret gets no signature, not even a client’s', async () => {
  await start();
  discover('one', module.url);
  await ask('/things', { 'x-rumbrella-signature': `t=1,v1=${'0'.repeat(64)}` });
  expect(lastCall().rawHeaders.join('\n')).not.toContain('rumbrella');
});

describe('a call back of a module', () => {
  /** The headers of a call back with the token that the module was given for a request of a user. */
  const given = async (): Promise<Record<string, string>> => {
    await ask('/things', { 'x-okapi-token': world.token('shop') });
    const { headers } = lastCall();
    return Object.fromEntries(
      ['x-okapi-tenant', 'x-okapi-token', 'x-okapi-request-id'].map((name) => [name, String(headers[name])]),
    );
  };
  const callBack = async (headers: Readonly<Record<string, string>>, path = '/things/mine') => {
    const before = module.calls.length;
    const { status, text } = await world.send({ path, headers });
    return { status, text, reached: module.calls.length > before };
  };

  describe('whose instances have secrets', () => {
    beforeEach(async () => {
      await start();
      discover('one', module.url, secret);
    });
    const refused = (why: RegExp) => ({
      status: 401,
      text: expect.stringMatching(why) as string,
      reached: false,
    });

    test('is executed when it is signed', async () => {
      const headers = await given();
      const signature = signatureOf('module', 'GET', '/things/mine', headers);
      expect(await callBack({ ...headers, 'x-rumbrella-signature': signature })).toMatchObject({
        status: 200,
        reached: true,
      });
      expect(lastCall().headers['x-rumbrella-signature']).toBe(
        signatureOf('gateway', 'GET', '/things/mine', lastCall().headers),
      );
    });

    test('is refused without a signature, and says which module and what is missing', async () => {
      expect(await callBack(await given())).toEqual(
        refused(/^Calls of module things-1\.0\.0 must be signed: X-Rumbrella-Signature is missing$/),
      );
    });

    test('is refused with the secret of another module, for another path, tenant, token or method', async () => {
      const headers = await given();
      const asked = 'x-rumbrella-signature';
      const wrong = refused(/does not fit the request/);
      const sign = (uri: string, changed = {}, options = {}) =>
        signatureOf('module', 'GET', uri, { ...headers, ...changed }, options);
      for (const signature of [
        sign('/things/mine', {}, { key: other }),
        sign('/things/other'),
        sign('/things/mine', { 'x-okapi-tenant': 'news' }),
        sign('/things/mine', { 'x-okapi-token': 'a.b.c' }),
        signatureOf('module', 'POST', '/things/mine', headers),
      ])
        expect(await callBack({ ...headers, [asked]: signature })).toEqual(wrong);
    });

    test('is refused with the signature that the gateway has made for the same request', async () => {
      const headers = await given();
      const reflected = signatureOf('gateway', 'GET', '/things/mine', headers);
      expect(await callBack({ ...headers, 'x-rumbrella-signature': reflected })).toEqual(
        refused(/does not fit the request/),
      );
    });

    test('is refused when its time is more than two minutes away, and when it is malformed', async () => {
      const headers = await given();
      for (const at of [seconds - 121, seconds + 121]) {
        const signature = signatureOf('module', 'GET', '/things/mine', headers, { at });
        expect(await callBack({ ...headers, 'x-rumbrella-signature': signature })).toEqual(
          refused(/more than 120 seconds from the gateway's/),
        );
      }
      expect(await callBack({ ...headers, 'x-rumbrella-signature': secret })).toEqual(
        refused(/is not of the form t=/),
      );
    });

    test('is refused with its token elsewhere than where the signature covers it', async () => {
      const { 'x-okapi-token': token = '', ...rest } = await given();
      const signature = signatureOf('module', 'GET', '/things/mine', rest);
      const headers = { ...rest, authorization: `Bearer ${token}`, 'x-rumbrella-signature': signature };
      expect(await callBack(headers)).toEqual(refused(/the token must be in X-Okapi-Token/));
    });

    test('is executed with the secret of any of its instances', async () => {
      discover('two', module.url, other);
      const headers = await given();
      for (const key of [other, secret]) {
        const signature = signatureOf('module', 'GET', '/things/mine', headers, { key });
        expect(await callBack({ ...headers, 'x-rumbrella-signature': signature })).toMatchObject({
          status: 200,
        });
      }
    });

    test('does not ask users for a signature', async () => {
      expect((await ask('/things', { 'x-okapi-token': world.token('shop') })).status).toBe(200);
    });
  });

  test('needs no signature as long as one of its instances has no secret', async () => {
    await start();
    discover('one', module.url, secret);
    discover('two', module.url);
    expect((await callBack(await given())).status).toBe(200);
  });

  describe('where secrets are required', () => {
    beforeEach(() => start({ requireInstanceSecrets: true }));

    test('an instance without one gets no request', async () => {
      discover('bare', module.url);
      expect(await ask('/things')).toMatchObject({
        status: 404,
        text: 'No running module instance found for things-1.0.0',
      });
      discover('one', module.url, secret);
      for (let turn = 0; turn < 4; turn += 1) {
        await ask('/things');
        expect(lastCall().headers['x-rumbrella-signature']).toBeDefined();
      }
      expect(module.calls).toHaveLength(4);
    });

    test('a call back has to be signed, whatever other instances there are', async () => {
      discover('bare', module.url);
      discover('one', module.url, secret);
      const headers = await given();
      expect((await callBack(headers)).status).toBe(401);
      world.store.forget(things.id, 'one');
      expect((await callBack(headers)).status).toBe(401);
    });
  });
});
