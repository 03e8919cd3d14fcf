import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HeaderMap } from './header-rules.ts';

/** The rest of a body is read and thrown away for so long at most, and for so long without a byte. */
const LONGEST_MS = 5_000;
const QUIET_MS = 1_000;

/**
 * Sends the last answer of a connection before the body of its request has arrived. To close a socket while bytes arrive at it resets the connection, and a
 * reset takes the answer away from a client that has not read it yet: so the rest of the body is let pass for a while (RFC 9112, 9.6).
 */
export const answerBeforeBody = (
  req: IncomingMessage,
  res: ServerResponse,
  status: number,
  headers: HeaderMap,
  text: string,
): void => {
  headers['connection'] = 'close';
  headers['content-length'] = String(Buffer.byteLength(text));
  res.writeHead(status, headers as Record<string, string | string[]>).write(text);
  const end = (): void => {
    clearTimeout(longest);
    clearTimeout(quiet);
    req.off('data', onData).off('end', end).off('close', end);
    res.end();
  };
  const onData = (): void => void quiet.refresh();
  const longest = setTimeout(end, LONGEST_MS);
  const quiet = setTimeout(end, QUIET_MS);
  if (req.complete || req.destroyed) end();
  else req.on('data', onData).on('end', end).on('close', end).resume();
};
