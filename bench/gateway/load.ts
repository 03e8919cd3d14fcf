import { connect } from 'node:net';
import { benchTokens } from './world.ts';

/**
 * `node load.ts PORT SECONDS CONNECTIONS METHOD PATH BODY_BYTES [MOST]`: keep-alive requests as fast as they are answered, for
 * SECONDS or until there are MOST of them. Prints {answered, failed, p50, p99} (ms). Answers must have a Content-Length.
 */
const [port, seconds, connections, method = 'GET', path = '/', bodyBytes, most = 'Infinity'] =
  process.argv.slice(2);
const { token } = benchTokens().mintAccess({
  tenant: 'shop',
  userId: '0b1c2d3e-1111-2222-3333-444455556666',
  subject: 'anna',
});
const body = 'x'.repeat(Number(bodyBytes ?? 0));
const request = Buffer.from(
  [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Accept: application/json',
    'Accept-Encoding: gzip, deflate',
    'User-Agent: load',
    'X-Okapi-Tenant: shop',
    `X-Okapi-Token: ${token}`,
    ...(body === '' ? [] : ['Content-Type: application/json', `Content-Length: ${body.length}`]),
    '',
    body,
  ].join('\r\n'),
);

const times: number[] = [];
let failed = 0;
const end = performance.now() + Number(seconds) * 1_000;

const run = (): Promise<void> =>
  new Promise((resolve) => {
    const socket = connect(Number(port), '127.0.0.1');
    let sentAt = 0;
    let held: Buffer = Buffer.alloc(0);
    const next = (): void => {
      if (performance.now() > end || times.length >= Number(most)) return void socket.end(resolve);
      sentAt = performance.now();
      socket.write(request);
    };
    socket.setNoDelay(true).on('connect', next);
    socket.on('error', () => {
      failed += 1;
      resolve();
    });
    socket.on('data', (chunk: Buffer) => {
      held = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const head = held.indexOf('\r\n\r\n');
      if (head === -1) return;
      const text = held.toString('latin1', 0, head).toLowerCase();
      const at = text.indexOf('content-length:');
      const length = at === -1 ? 0 : Number.parseInt(text.slice(at + 15), 10);
      if (held.length < head + 4 + length) return;
      if (text.startsWith('http/1.1 2')) times.push(performance.now() - sentAt);
      else failed += 1;
      held = Buffer.alloc(0);
      next();
    });
  });

await Promise.all(Array.from({ length: Number(connections) }, run));
times.sort((a, b) => a - b);
const at = (part: number): number => times[Math.floor(times.length * part)] ?? 0;
process.stdout.write(`${JSON.stringify({ answered: times.length, failed, p50: at(0.5), p99: at(0.99) })}\n`);
