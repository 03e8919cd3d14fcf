import type { Socket } from 'node:net';
import { type Chain, createChain } from '#core';

/** Tells who works for a client that the client has gone. One listener per connection, however many requests it carries. */
export interface GoneWatch {
  /** Runs `gone` when the connection closes. Returns the function that ends it. */
  on(socket: Socket, gone: () => void): () => void;
}

/** Creates a watch over the connections of a server. */
export const createGoneWatch = (): GoneWatch => {
  const watched = new WeakMap<Socket, Chain<() => void>>();
  const chainOf = (socket: Socket): Chain<() => void> => {
    const known = watched.get(socket);
    if (known !== undefined) return known;
    const fresh = createChain<() => void>();
    watched.set(socket, fresh);
    socket.once('close', () => {
      for (let gone = fresh.shift(); gone !== undefined; gone = fresh.shift()) gone();
    });
    return fresh;
  };
  return {
    on: (socket, gone) => {
      const link = chainOf(socket).add(gone);
      if (socket.destroyed) queueMicrotask(gone);
      return link.leave;
    },
  };
};
