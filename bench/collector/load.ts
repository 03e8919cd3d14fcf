import { connect, type Socket } from 'node:net';

/**
 * Sends 4 KB POST beacons to a port and prints the figures as JSON. With a rate (per second) requests leave on schedule and the
 * time counts from when they should have left; without, each connection sends as soon as it has its answer.
 */
const [port = '', seconds = '1', connections = '64', rate = '0', tenants = '1'] = process.argv.slice(2);

const requestFor = (trace: string): Buffer => {
  const start = `u=https%3A%2F%2Ffashion.bg%2Fdresses%2F&brum_trace=${trace}&rt.si=0f2fe8ad-9b4d&n=1`;
  let body = start;
  for (let index = 0; body.length < 4_080; index++) body += `&nt_par_${index}=${1_780_000_000_000 + index}`;
  body = body.slice(0, 4_096);
  return Buffer.from(
    `POST /beacon/catcher HTTP/1.1\r\nHost: rum.example.com\r\nConnection: keep-alive\r\nContent-Length: ${body.length}\r\n` +
      'sec-ch-ua: "Chromium";v="128", "Not;A=Brand";v="24", "Google Chrome";v="128"\r\nsec-ch-ua-mobile: ?0\r\n' +
      'User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36\r\n' +
      'Content-Type: application/x-www-form-urlencoded\r\nsec-ch-ua-platform: "Windows"\r\nAccept: */*\r\n' +
      'Origin: https://fashion.bg\r\nSec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: empty\r\n' +
      `Referer: https://fashion.bg/\r\nAccept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: bg,en;q=0.9\r\n\r\n${body}`,
  );
};
const requests = Array.from({ length: Math.min(1_000, Number(tenants)) }, (_, index) =>
  requestFor(`trace-${Math.floor((index * Number(tenants)) / Math.min(1_000, Number(tenants)))}`),
);

const times: number[] = [];
let answered = 0;
let refused = 0;
let sent = 0;
const idle: Socket[] = [];
const waiting: number[] = [];
const since = new Map<Socket, number>();
const END = Buffer.from('\r\n\r\n');

const send = (socket: Socket, from: number): void => {
  since.set(socket, from);
  socket.write(requests[sent++ % requests.length] ?? '');
};

const receive = (socket: Socket, chunk: Buffer): void => {
  if (chunk.indexOf(END) === -1) return;
  const now = performance.now();
  times.push(now - (since.get(socket) ?? now));
  answered += 1;
  if (chunk[9] !== 0x32) refused += 1;
  if (rate === '0') return send(socket, now);
  const next = waiting.shift();
  if (next === undefined) idle.push(socket);
  else send(socket, next);
};

const sockets = await Promise.all(
  Array.from(
    { length: Number(connections) },
    () =>
      new Promise<Socket>((resolve, reject) => {
        const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true }, () =>
          resolve(socket),
        );
        socket.on('data', (chunk) => receive(socket, chunk as Buffer));
        socket.on('error', reject);
      }),
  ),
);
const begin = performance.now();
const end = begin + Number(seconds) * 1_000;
if (rate === '0') for (const socket of sockets) send(socket, begin);
else {
  idle.push(...sockets);
  let due = begin;
  const tick = (): void => {
    const now = performance.now();
    for (; due <= now; due += 1_000 / Number(rate)) {
      const socket = idle.pop();
      if (socket === undefined) waiting.push(due);
      else send(socket, due);
    }
    if (now < end) setImmediate(tick);
  };
  tick();
}
setTimeout(() => {
  const took = (performance.now() - begin) / 1_000;
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  console.log(
    JSON.stringify({
      rate: answered / took,
      answered,
      refused,
      p50: at(0.5),
      p99: at(0.99),
      max: at(0.9999),
    }),
  );
  process.exit(0);
}, Number(seconds) * 1_000);
