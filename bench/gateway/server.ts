import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool } from 'undici';
import { createBenchGateway } from './world.ts';

/** `node server.ts MODE [UPSTREAM]`: one contender of the bench; prints its port. */
const [mode = '', upstream = ''] = process.argv.slice(2);
const answer = JSON.stringify({ id: '7', content: 'x'.repeat(200) });
const mebibyte = Buffer.alloc(1_048_576, 'x');

/** The floor: parse, collect the body, answer. */
const bare: RequestListener = (req, res) => {
  const chunks: Buffer[] = [];
  req.on('data', (chunk: Buffer) => chunks.push(chunk));
  req.on('end', () => {
    res.writeHead(200, { 'content-type': 'application/json', 'content-length': String(answer.length) });
    res.end(answer);
  });
};

/** What a reverse proxy of a few lines does. */
const plainProxy = (): RequestListener => {
  const pool = new Pool(upstream, { connections: 256 });
  return (req, res) => {
    const { host: _host, connection: _connection, ...headers } = req.headers;
    const hasBody =
      req.headers['content-length'] !== undefined || req.headers['transfer-encoding'] !== undefined;
    pool
      .request({ method: req.method as 'GET', path: req.url ?? '/', headers, body: hasBody ? req : null })
      .then(({ statusCode, headers: answered, body }) => {
        delete answered['connection'];
        delete answered['keep-alive'];
        res.writeHead(statusCode, answered);
        body.pipe(res);
      })
      .catch(() => res.writeHead(502).end());
  };
};

/** A module: small answers, and /large: as many MiB as `?mib=` says, or counts what it gets. */
const upstreamServer: RequestListener = (req, res) => {
  if (!(req.url ?? '').startsWith('/large')) return bare(req, res);
  if (req.method === 'POST') {
    let bytes = 0;
    req.on('data', (chunk: Buffer) => (bytes += chunk.length));
    req.on('end', () => res.end(String(bytes)));
    return;
  }
  let left = Number(new URL(req.url ?? '', 'http://x').searchParams.get('mib'));
  const more = (): void => {
    while (left > 0) {
      left -= 1;
      if (!res.write(mebibyte)) return;
    }
    res.end();
  };
  res.on('drain', more);
  more();
};

const listener = (): RequestListener => {
  if (mode === 'bare') return bare;
  if (mode === 'upstream') return upstreamServer;
  if (mode === 'plain-proxy') return plainProxy();
  return createBenchGateway(mode === 'gateway-proxy' ? upstream : null).handle;
};

const server = createServer(listener());
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => process.exit(0));
