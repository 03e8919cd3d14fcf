import type { IncomingMessage, ServerResponse } from 'node:http';
import { refuseTooManyHeaders } from '#collector';

/** Answers requests under a path. */
export type Answerer = (request: IncomingMessage, response: ServerResponse) => void;

/** Everything is on one port: this decides by path who answers. */
export interface FrontDoor {
  readonly handle: Answerer;
  /**
   * From now on requests whose path begins with `prefix` are answered by `answerer`. The longest prefix wins. The function that is given back
   * ends it.
   */
  mount(prefix: string, answerer: Answerer): () => void;
  /** As `mount`, for this path alone, with any query; it wins over prefixes. */
  mountAt(path: string, answerer: Answerer): void;
}

/**
 * Creates the door. `first` is asked before anything else and says whether it has taken the request: that is the collector, whose
 * path must not pay for the others. What nobody has mounted is answered 503 with the sentence of `missing` while that gives one, else 404.
 */
export const createFrontDoor = (
  first: (request: IncomingMessage, response: ServerResponse) => boolean,
  missing: () => string | null,
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
      // Whoever has `/` has all that is left, also what is no path at all (`*`, `http://elsewhere/`), and says what is wrong with it.
      const mount = mounts.find(({ prefix }) => prefix === '/' || path.startsWith(prefix));
      if (mount !== undefined) return mount.answerer(request, response);
      refuse(response, missing());
    },
    mount: (prefix, answerer) => {
      const mount = { prefix, answerer };
      mounts = [...mounts, mount].toSorted((a, b) => b.prefix.length - a.prefix.length);
      return () => {
        mounts = mounts.filter((other) => other !== mount);
      };
    },
    mountAt: (path, answerer) => void places.set(path, answerer),
  };
};

const refuse = (response: ServerResponse, sentence: string | null): void => {
  if (sentence === null) response.writeHead(404, { 'content-type': 'text/plain' }).end('nothing is here');
  else response.writeHead(503, { 'content-type': 'text/plain', 'retry-after': '1' }).end(sentence);
};
