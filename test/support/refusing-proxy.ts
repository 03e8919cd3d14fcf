import { once } from 'node:events';
import { createServer, request as sendRequest } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The engine, except that it refuses inserts into events tables as ClickHouse does. */
export interface RefusingProxy {
  readonly url: string;
  /** ClickHouse's error number for such an insert (`sql`: its statement); null: it is passed on. */
  refuse: (sql: string, rows: Buffer) => string | null;
  /** Bytes of rows of each insert that was refused. */
  readonly refused: number[];
  stop(): Promise<void>;
}

/** Starts it in front of `target` (an http URL). */
export const startRefusingProxy = async (target: string): Promise<RefusingProxy> => {
  const refused: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const sql = new URL(request.url ?? '', target).searchParams.get('query') ?? '';
      const code = /^INSERT INTO `?\w+_webperf_rum_events/.test(sql) ? proxy.refuse(sql, body) : null;
      if (code !== null) {
        refused.push(body.length);
        response.writeHead(code === '516' ? 403 : 500, { 'x-clickhouse-exception-code': code });
        response.end(`Code: ${code}. DB::Exception: refused by the test. (SOME_NAME)\n`);
        return;
      }
      const onward = sendRequest(
        new URL(request.url ?? '/', target),
        { method: request.method ?? 'GET', headers: request.headers },
        (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        },
      );
      onward.on('error', () => response.destroy());
      onward.end(body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const proxy: RefusingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refuse: () => null,
    refused,
    stop: async () => {
      server.closeAllConnections();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
  return proxy;
};
