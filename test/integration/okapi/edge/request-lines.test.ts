import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { get, raw, seen, statusOf, world } from '../../../support/gateway-edge-world.ts';

/** Which request lines go on and which are refused. Every refusal is also a proof that no module was called. */

describe('request lines', () => {
  it.each([
    ['absolute form', 'GET http://evil.example/things HTTP/1.1\r\nHost: x\r\n'],
    ['websocket', 'GET /things HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'],
    [
      'h2c',
      'GET /things HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n',
    ],
    ['two lengths', 'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n'],
    [
      'length and chunks',
      'POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n',
    ],
    ['an odd coding', 'POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n'],
    ['a space before the colon', 'GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant : news\r\n'],
    ['a tab in the name of a header', 'GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi\tTenant: news\r\n'],
    ['a folded header', 'GET /things HTTP/1.1\r\nHost: x\r\nX-A: b\r\n c\r\n'],
    ['no host', 'GET /things HTTP/1.1\r\n'],
    ['a dot segment', 'GET /things/../secret HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded dot segment', 'GET /things/%2e%2E/secret HTTP/1.1\r\nHost: x\r\n'],
    ['a dot segment with a parameter', 'GET /things/..;a=b/secret HTTP/1.1\r\nHost: x\r\n'],
    ['a backslash', 'GET /things\\..\\secret HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded backslash', 'GET /things%5c..%5csecret HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded letter', 'GET /%74hings HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded letter in an invoked path', 'GET /_/invoke/tenant/shop/thing%73 HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded digit', 'GET /things/%31 HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded hyphen', 'GET /things/a%2Db HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded dot', 'GET /things/a%2eb HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded underscore', 'GET /things/a%5Fb HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded tilde', 'GET /things/%7e HTTP/1.1\r\nHost: x\r\n'],
    ['an encoded NUL', 'GET /things%00 HTTP/1.1\r\nHost: x\r\n'],
  ])('§1.11 are refused with %s', async (_what, head) => {
    expect(statusOf(await raw(`${head}X-Okapi-Tenant: shop\r\n\r\n`))).toBe(400);
    expect(seen).toEqual([]);
  });

  it('§1.14 close the connection at CONNECT', async () => {
    const socket = connect(world.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
    socket.write('CONNECT evil.example:443 HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\n\r\n');
    await once(socket, 'close');
    expect(received).toBe('');
    expect(seen).toEqual([]);
  });

  it('§1.11 are refused with 414 above the limit', async () => {
    const answer = await get({ 'X-Okapi-Tenant': 'shop' }, `/things?${'x'.repeat(8_200)}`);
    expect(answer).toMatchObject({ status: 414, text: 'Your request URI is too long.' });
  });

  it('§1.5 go to the module byte by byte', async () => {
    const path = "/things/a%2Fb/c%20d//e/.../f..g/~'()!;x=1";
    await get({ 'X-Okapi-Tenant': 'shop' }, path);
    expect(seen[0]?.path).toBe(path);
  });

  it('§1.5 go to the module with every character that encodeURIComponent encodes, and with no other', async () => {
    const all = Array.from({ length: 0x17f }, (_, code) => String.fromCodePoint(code));
    const paths = all
      .filter((one) => one !== '\0' && one !== '\\')
      .map((one) => `/things/x${encodeURIComponent(one)}`);
    for (const path of paths) await get({ 'X-Okapi-Tenant': 'shop' }, path);
    expect(seen.map(({ path }) => path)).toEqual(paths);
  });

  it('§1.14 are answered in order when a thousand come in one packet', async () => {
    const one = 'GET /things HTTP/1.1\r\nHost: x\r\nX-Okapi-Tenant: shop\r\n\r\n';
    const socket = connect(world.port, '127.0.0.1');
    let received = '';
    socket.on('data', (chunk: Buffer) => {
      received += chunk.toString();
    });
    socket.write(one.repeat(1_000));
    await expect.poll(() => received.split('HTTP/1.1 200').length - 1, { timeout: 20_000 }).toBe(1_000);
    socket.destroy();
  });
});

describe('§1.11 errors', () => {
  it('§1.11 are plain text with a request id, and say nothing of the path', async () => {
    world.store.enable('bare', 'mod-auth-1.0.0');
    const answer = await get({ 'X-Okapi-Tenant': 'bare' }, '/no/such/<script>');
    expect(answer.status).toBe(404);
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain',
      'x-content-type-options': 'nosniff',
    });
    expect(answer.headers['x-okapi-request-id']).toMatch(/^[0-9]{6}\/no$/);
    expect(answer.text).not.toContain('script');
  });

  it('§1.11 name the module without an instance', async () => {
    world.store.add({
      id: 'lost-1.0.0',
      provides: [
        {
          id: 'lost',
          version: '1.0',
          handlers: [{ methods: ['GET'], pathPattern: '/lost', permissionsRequired: [] }],
        },
      ],
    });
    world.store.enable('shop', 'lost-1.0.0');
    expect(await get({ 'X-Okapi-Tenant': 'shop' }, '/lost')).toMatchObject({
      status: 404,
      text: 'No running module instance found for lost-1.0.0',
    });
  });
});
