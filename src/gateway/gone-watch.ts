import type { Socket } from 'node:net';

/** Tells who works for a client that the client has gone. One listener per connection, however many requests it carries. */
export interface GoneWatch {
  /** Runs `gone` when the connection closes. Returns the function that ends it. */
  on(socket: Socket, gone: () => void): () => void;
}

/** Creates a watch over the connections of a server. */
export const createGoneWatch = (): GoneWatch => {
  const watched = new WeakMap<Socket, Set<() => void>>();
  return {
    on: (socket, gone) => {
      let all = watched.get(socket);
      if (all === undefined) {
        const fresh = new Set<() => void>();
        all = fresh;
        watched.set(socket, fresh);
        socket.once('close', () => {
          for (const each of fresh) each();
          fresh.clear();
        });
      }
      const set = all;
      set.add(gone);
      if (socket.destroyed) queueMicrotask(gone);
      return () => set.delete(gone);
    },
  };
};
