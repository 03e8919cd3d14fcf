import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { poll } from '../support/poll.ts';
import { startRumbrella } from '../support/rumbrella.ts';

test('a server with few open files takes fewer connections, and goes on when all of them are in use', async () => {
  const server = await startRumbrella({
    through: ['prlimit', '--nofile=300:300'],
    args: ['--only', 'collector'],
    env: { RUMBRELLA_DEMO: 'off', RUMBRELLA_LOG_LEVEL: 'info' },
  });
  const sockets: Socket[] = [];
  try {
    expect(server.log.find(({ event }) => event === 'connections_limited')).toMatchObject({
      max: 150,
      configured: 10_000,
      open_files: 300,
    });
    const port = Number(new URL(server.url).port);
    let closed = 0;
    for (let n = 0; n < 400; n++) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.on('close', () => closed++);
      socket.on('connect', () => socket.write('GET /beacon/catcher?'));
      sockets.push(socket);
    }
    await poll('those above the limit are dropped', () => closed >= 250);
    for (const socket of sockets) socket.destroy();
    await poll('a beacon is answered', async () => {
      const answer = await fetch(`http://127.0.0.1:${port}/beacon/catcher?u=a`).catch(() => null);
      return answer?.status === 204;
    });
    expect(server.process.exitCode).toBeNull();
    expect(server.log.filter((line) => JSON.stringify(line).includes('EMFILE'))).toEqual([]);
  } finally {
    for (const socket of sockets) socket.destroy();
    await server.remove();
  }
});
