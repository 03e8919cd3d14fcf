import { connect } from 'node:net';
import { benchTokens } from './world.ts';

/** What is to be sent: for so many seconds or until so many are answered. */
export interface Load {
  readonly port: number;
  readonly seconds: number;
  readonly connections: number;
  readonly path: string;
  /** Null: no bound. */
  readonly most: number | null;
  /** Never sleep while answers are awaited; not where somebody else needs the core. */
  readonly awake: boolean;
}

/** What came of it. Times in ms. */
export interface LoadFigures {
  readonly answered: number;
  readonly failed: number;
  readonly perSecond: number;
  readonly p50: number;
}

/**
 * `node load.ts` as a child: for each `Load` that its parent sends, GET requests over kept-alive connections as fast as they are
 * answered, then one `LoadFigures`. It stays, so that a round is as long as its requests and its own code is compiled once.
 * Answers must have a Content-Length.
 */
const { token } = benchTokens().mintAccess({
  tenant: 'shop',
  userId: '0b1c2d3e-1111-2222-3333-444455556666',
  subject: 'anna',
});
const requestFor = (path: string): Buffer =>
  Buffer.from(
    [
      `GET ${path} HTTP/1.1`,
      'Host: localhost',
      'Accept: application/json',
      'Accept-Encoding: gzip, deflate',
      'User-Agent: load',
      'X-Okapi-Tenant: shop',
      `X-Okapi-Token: ${token}`,
      '\r\n',
    ].join('\r\n'),
  );

const run = async ({ port, seconds, connections, path, most, awake }: Load): Promise<LoadFigures> => {
  const request = requestFor(path);
  const endWatch = awake ? stayAwake() : () => undefined;
  const times: number[] = [];
  let failed = 0;
  const begin = performance.now();
  const end = begin + seconds * 1_000;
  const isOver = (): boolean => performance.now() > end || (most !== null && times.length >= most);

  const converse = (): Promise<void> =>
    new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1');
      let sentAt = 0;
      let held: Buffer = Buffer.alloc(0);
      const next = (): void => {
        if (isOver()) return void socket.end(resolve);
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

  await Promise.all(Array.from({ length: connections }, converse));
  endWatch();
  const perSecond = (times.length * 1_000) / (performance.now() - begin);
  times.sort((a, b) => a - b);
  return { answered: times.length, failed, perSecond, p50: times[times.length >> 1] ?? 0 };
};

/** Looks for answers without a pause. Returns the function that ends it. */
const stayAwake = (): (() => void) => {
  let isOver = false;
  const look = (): void => {
    if (!isOver) setImmediate(look);
  };
  look();
  return () => {
    isOver = true;
  };
};

process.on('message', (load: Load) => void run(load).then((figures) => process.send?.(figures)));
process.on('disconnect', () => process.exit(0));
process.stdout.write('ready\n');
