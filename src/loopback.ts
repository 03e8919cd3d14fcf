import type { IncomingMessage } from 'node:http';

/** Does the request come from this machine itself, and not through a proxy on it? */
export const isDirectLoopback = (request: IncomingMessage): boolean => {
  const address = request.socket.remoteAddress ?? '';
  const isLoopback = address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
  return (
    isLoopback && request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined
  );
};
