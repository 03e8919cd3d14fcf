import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The yardstick: plain `node:http` that reads the same body and answers 204. Prints its port. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(204).end();
  });
});
server.listen(0, '127.0.0.1', () => console.log((server.address() as AddressInfo).port));
