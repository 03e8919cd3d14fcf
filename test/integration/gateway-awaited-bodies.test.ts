import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { seen, start, world } from '../support/notes-gateway.ts';

/** Senders that wait with their body, and bodies that are too long to be held: nobody waits for what is refused anyway. */

/** One byte more than what is held. */
const TOO_LONG = 1_048_577;

const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

/** A connection that has sent these lines of a head, and what has come back so far. */
const send = (...lines: readonly string[]): { readonly socket: Socket; received(): string } => {
  const socket = connect(world.port, '127.0.0.1');
  sockets.push(socket);
  let received = '';
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  socket.write(['POST /notes HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n'));
  return { socket, received: () => received };
};

const agency = (): readonly string[] => [
  'X-Okapi-Tenant: agency',
  `X-Okapi-Token: ${world.token('agency')}`,
  'Content-Type: application/json',
];

/** The lines that an answer begins with. */
const statusLines = (answer: string): readonly string[] => answer.match(/^HTTP\/1\.1 .*(?=\r)/gm) ?? [];

describe('a body that a rule looks at', () => {
  it.each([
    ['waits to be asked for it', ['Expect: 100-continue']],
    ['says its length and nothing more', []],
  ])('is refused when it is announced too long, while its sender %s', async (_, expects) => {
    await start();
    const { socket, received } = send(...agency(), ...expects, `Content-Length: ${TOO_LONG}`);
    await once(socket, 'close');
    expect(statusLines(received())).toEqual(['HTTP/1.1 413 Payload Too Large']);
    expect(received()).toContain('the body has more than 1048576 bytes');
    expect(seen).toEqual([]);
  });

  it('is refused in chunks that do not end as soon as they are too many', async () => {
    await start();
    const { socket, received } = send(...agency(), 'Transfer-Encoding: chunked');
    socket.write(`${TOO_LONG.toString(16)}\r\n"${'x'.repeat(TOO_LONG - 1)}\r\n`);
    await once(socket, 'close');
    expect(statusLines(received())).toEqual(['HTTP/1.1 413 Payload Too Large']);
    expect(seen).toEqual([]);
  });

  it('is asked for when it is short enough', async () => {
    await start();
    const body = JSON.stringify({ domain: 'press' });
    const { socket, received } = send(
      ...agency(),
      'Expect: 100-continue',
      'Connection: close',
      `Content-Length: ${body.length}`,
    );
    await once(socket, 'data');
    expect(received()).toBe('HTTP/1.1 100 Continue\r\n\r\n');
    socket.write(body);
    await once(socket, 'close');
    expect(statusLines(received())).toEqual(['HTTP/1.1 100 Continue', 'HTTP/1.1 201 Created']);
    expect(seen).toMatchObject([{ tenant: 'news', body }]);
  });
});

describe('a sender that does not wait', () => {
  it('gets its 413 when it reads no answer before all of a long body is sent', async () => {
    await start();
    // Often enough that a reset would be seen.
    for (let round = 0; round < 5; round += 1) {
      const length = 20_000_000;
      const { socket, received } = send(...agency(), `Content-Length: ${length}`);
      socket.pause();
      await new Promise<void>((resolve, reject) =>
        socket.on('error', reject).write('x'.repeat(length), (error) => (error ? reject(error) : resolve())),
      );
      socket.resume();
      await once(socket, 'close');
      expect(statusLines(received())).toEqual(['HTTP/1.1 413 Payload Too Large']);
    }
    expect(seen).toEqual([]);
  });
});

describe('a sender that waits to be asked for its body', () => {
  it('is not asked for it when nobody is going to read it', async () => {
    await start();
    const { socket, received } = send('X-Okapi-Tenant: nobody', 'Expect: 100-continue', 'Content-Length: 5');
    await once(socket, 'close');
    expect(statusLines(received())).toEqual(['HTTP/1.1 400 Bad Request']);
  });

  it('is asked for the body of a module in process when no rule looks at it, and not for more than is held', async () => {
    await start();
    const toNews = ['X-Okapi-Tenant: news', `X-Okapi-Token: ${world.token('news')}`];
    const short = send(...toNews, 'Expect: 100-continue', 'Connection: close', 'Content-Length: 5');
    await once(short.socket, 'data');
    short.socket.write('"abc"');
    await once(short.socket, 'close');
    expect(statusLines(short.received())).toEqual(['HTTP/1.1 100 Continue', 'HTTP/1.1 201 Created']);
    const long = send(...toNews, 'Expect: 100-continue', `Content-Length: ${TOO_LONG}`);
    await once(long.socket, 'close');
    expect(statusLines(long.received())).toEqual(['HTTP/1.1 413 Payload Too Large']);
  });
});
