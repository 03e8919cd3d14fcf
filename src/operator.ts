import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** Does the request carry the operator's token as `Authorization: Bearer`? Takes the same time for every wrong one. */
export const isOperator = (request: IncomingMessage, token: string): boolean => {
  const { authorization = '' } = request.headers;
  return authorization.startsWith('Bearer ') && sameSecret(authorization.slice('Bearer '.length), token);
};

/** Does the request come from this machine itself, and not through a proxy on it? */
export const isDirectLoopback = (request: IncomingMessage): boolean => {
  const address = request.socket.remoteAddress ?? '';
  const isLoopback = address === '127.0.0.1' || address === '::1' || address === '::ffff:127.0.0.1';
  return (
    isLoopback && request.headers['x-forwarded-for'] === undefined && request.headers.forwarded === undefined
  );
};

const sameSecret = (given: string, expected: string): boolean =>
  timingSafeEqual(digest(given), digest(expected)) && expected !== '';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
