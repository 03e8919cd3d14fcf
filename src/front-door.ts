import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseTooManyHeaders } from '#collector';

/** Answers requests under a path. */
export type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** Everything is on one port: this decides by path who answers. */
export interface FrontDoor {
  readonly handle: Answerer;
  /** From now on requests whose path begins with `prefix` are answered by `answerer`. The longest prefix wins. */
  mount(prefix: string, answerer: Answerer): void;
  /** As `mount`, for this path alone, with any query; it wins over prefixes. */
  mountAt(path: string, answerer: Answerer): void;
}

/**
 * Creates the door. `first` is asked before anything else and says whether it has taken the request: that is the collector, whose
 * path must not pay for the others. What nobody has mounted yet is answered 503 while the process starts, 404 afterwards.
 */
export const createFrontDoor = (
  first: (request: IncomingMessage, response: ServerResponse) => boolean,
  isReady: () => boolean,
  maxHeaders: number,
): FrontDoor => {
  let mounts: { prefix: string; answerer: Answerer }[] = [];
  const places = new Map<string, Answerer>();
  return {
    handle: (request, response) => {
      if (first(request, response) || refuseTooManyHeaders(request, response, maxHeaders)) return;
      const path = request.url ?? '/';
      const place = places.size === 0 ? undefined : places.get(path.split('?', 1)[0] ?? path);
      if (place !== undefined) return place(request, response);
      const mount = mounts.find(({ prefix }) => path.startsWith(prefix));
      if (mount !== undefined) return mount.answerer(request, response);
      refuse(response, isReady());
    },
    mount: (prefix, answerer) => {
      mounts = [...mounts, { prefix, answerer }].toSorted((a, b) => b.prefix.length - a.prefix.length);
    },
    mountAt: (path, answerer) => void places.set(path, answerer),
  };
};

const refuse = (response: ServerResponse, ready: boolean): void => {
  if (ready) response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing is here');
  else
    response
      .writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' })
      .end('starting, try again in a moment');
};
