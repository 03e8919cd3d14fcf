import { once } from 'node:events';
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createWebFiles, redirectToWeb } from './web-files.ts';

const PAGE = '<!doctype html><title>Rumbrella</title>';
const SCRIPT = 'export const answer = 42;';

let folder: string;
let server: Server;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'web-files-'));
  const answer = createWebFiles({ version: '1.2.3', demo: true, beaconPath: '/beacon/catcher' }, folder);
  server = createServer((req, res) => (req.url === '/' ? redirectToWeb(req, res) : answer(req, res)));
  server.listen(0);
  await once(server, 'listening');
});

afterEach(async () => {
  server.close();
  await rm(folder, { recursive: true, force: true });
});

const build = async (page = PAGE): Promise<void> => {
  await mkdir(join(folder, 'assets'), { recursive: true });
  await writeFile(join(folder, 'assets/index-a1b2.js'), SCRIPT);
  await writeFile(join(folder, 'assets/index-a1b2.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'assets/index-a1b2.js.gz'), gzipSync(SCRIPT));
  await writeFile(join(folder, 'index.html'), page);
};

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** As a browser sends it: the path untouched. */
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { port } = server.address() as AddressInfo;
    request({ port, path, headers, method }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(parts) }),
      );
    })
      .on('error', reject)
      .end();
  });

describe('the back office as files', () => {
  test('says how to build it when it is not built', async () => {
    const { status, body } = await get('/app/');
    expect(status).toBe(503);
    expect(body.toString()).toContain('npm run build:web');
  });

  test('gives the page for every path of the application, to be asked for again each time', async () => {
    await build();
    for (const path of [
      '/app/',
      '/app/o/demo_shop/s/shop.example/overview?f=device:is:mobile',
      '/app/o/a.b',
    ]) {
      const { status, headers, body } = await get(path);
      expect([status, headers['cache-control'], body.toString()]).toEqual([200, 'no-cache', PAGE]);
    }
  });

  test('gives files with a hash in their name for ever', async () => {
    await build();
    const { headers, body } = await get('/app/assets/index-a1b2.js');
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable');
    expect(headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(body.toString()).toBe(SCRIPT);
  });

  test('sends the smallest form that the browser takes', async () => {
    await build();
    const brotli = await get('/app/assets/index-a1b2.js', { 'accept-encoding': 'gzip, br;q=1.0' });
    expect(brotli.headers['content-encoding']).toBe('br');
    expect(brotliDecompressSync(brotli.body).toString()).toBe(SCRIPT);
    const gzip = await get('/app/assets/index-a1b2.js', { 'accept-encoding': 'gzip' });
    expect(gzip.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(gzip.body).toString()).toBe(SCRIPT);
    expect(gzip.headers['vary']).toBe('Accept-Encoding');
  });

  test('says 304 to a browser that has the file, and 404 for a script of an older build', async () => {
    await build();
    const { headers } = await get('/app/');
    const again = await get('/app/', { 'if-none-match': String(headers['etag']) });
    expect([again.status, again.body.length]).toEqual([304, 0]);
    expect((await get('/app/assets/index-older.js')).status).toBe(404);
  });

  test('never leaves its folder', async () => {
    await build();
    await writeFile(join(folder, '../outside.json'), '{"secret":true}');
    for (const path of ['/app/../outside.json', '/app/%2e%2e/outside.json', '/app/..%2foutside.json'])
      expect((await get(path)).body.toString()).toBe(PAGE);
    await rm(join(folder, '../outside.json'));
  });

  test('lets no script but its own run, and nobody frame it', async () => {
    await build();
    const { headers } = await get('/app/');
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
  });

  test('shows a new build without a restart, and the old one while the new one is written', async () => {
    await build();
    await get('/app/');
    await rm(join(folder, 'index.html'));
    expect((await get('/app/')).body.toString()).toBe(PAGE);
    await build('<!doctype html>new');
    await utimes(join(folder, 'index.html'), new Date(), new Date(Date.now() + 5_000));
    expect((await get('/app/')).body.toString()).toBe('<!doctype html>new');
  });

  test('tells what it is before anybody has signed in', async () => {
    const { body } = await get('/app/instance.json');
    expect(JSON.parse(body.toString())).toEqual({
      version: '1.2.3',
      demo: true,
      beaconPath: '/beacon/catcher',
    });
  });

  test('is only read', async () => {
    await build();
    expect((await get('/app/', {}, 'POST')).status).toBe(405);
    const head = await get('/app/', {}, 'HEAD');
    expect([head.status, head.headers['content-length'], head.body.length]).toEqual([
      200,
      String(PAGE.length),
      0,
    ]);
  });

  test('is where the root leads', async () => {
    const { status, headers } = await get('/');
    expect([status, headers['location']]).toEqual([302, '/app/']);
  });
});
