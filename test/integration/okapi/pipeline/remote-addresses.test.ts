import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listen, send, start, unreachable, world } from '../../../support/remote-module-world.ts';

/** At which of its addresses a module is called, how often, and at which never. */
describe('a remote module', () => {
  it('§1.0 serves under the path of its base url', async () => {
    let path = '';
    const url = await listen(createHttpServer((req, res) => void res.end((path = req.url ?? ''))));
    await start([`${url}/base/`]);
    await send();
    expect(path).toBe('/base/m');
  });

  it('§1.11 is called once more for a GET, and not for a POST, when it closed a kept-alive connection', async () => {
    const counts: Record<string, number> = {};
    const server = createServer((socket) => {
      let answered = 0;
      socket.on('error', () => undefined);
      socket.on('data', (chunk) => {
        const [method = ''] = chunk.toString().split(' ', 1);
        counts[method] = (counts[method] ?? 0) + 1;
        answered += 1;
        if (answered === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
        else socket.destroy();
      });
    });
    await start([await listen(server)]);
    expect((await send()).status).toBe(200);
    expect((await send()).status).toBe(200);
    expect(counts['GET']).toBe(3);
    expect((await send('POST', 'x')).status).toBe(502);
    expect(counts['POST']).toBe(1);
  });

  it('§1.1 is called at another instance when one cannot be connected to', async () => {
    const url = await listen(createHttpServer((_req, res) => void res.end('alive')));
    await start(['http://127.0.0.1:1', url, 'http://127.0.0.1:2']);
    for (let index = 0; index < 6; index += 1)
      expect(await send()).toMatchObject({ status: 200, text: 'alive' });
  });

  it.each([
    ['http://169.254.169.254/'],
    ['http://[::ffff:169.254.169.254]/'],
    ['http://2852039166/'],
    ['http://user:pw@127.0.0.1/'],
    ['ftp://127.0.0.1/'],
    ['http://127.0.0.1/?x'],
    ['nonsense'],
  ])('§2.7 at %s is never connected to', async (url) => {
    await start([url]);
    expect(await send()).toMatchObject({ status: 502, text: unreachable });
  });

  it('§2.7 is never connected to when its name points to an address that is not allowed', async () => {
    let connections = 0;
    const server = createHttpServer((_req, res) => void res.end('inside'));
    server.on('connection', () => (connections += 1));
    const url = await listen(server);
    for (const host of ['localhost', 'localhost.', '127.0.0.1', '0x7f000001', '[::ffff:127.0.0.1]']) {
      await start([url.replace('127.0.0.1', host)], {}, { discoveryAllow: ['10.0.0.0/8'] });
      expect((await send()).status).toBe(502);
      await world.stop();
    }
    expect(connections).toBe(0);
    await start([]);
  });
});
