import type { ChdbConnection } from './chdb.ts';
import { clickhouseError } from './exception.ts';
import type { Call } from './request.ts';

/** Connections that callers keep by `session_id`: temporary tables and SET live in them. */
export interface Sessions {
  /** Runs `work` with the connection of the call's session, or with none when it names no session. */
  use<T>(session: Call['session'], work: (connection: ChdbConnection | undefined) => Promise<T>): Promise<T>;
  /** Forgets all idle sessions. */
  stop(): void;
}

const MAX_SESSIONS = 200;

interface Session {
  readonly connection: ChdbConnection;
  isBusy: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Creates the sessions. Errors: 372 (unknown and `session_check`), 373 (already in use), 202 (too many). */
export const createSessions = (open: () => ChdbConnection): Sessions => {
  const sessions = new Map<string, Session>();
  const forget = (id: string): void => {
    const session = sessions.get(id);
    if (session === undefined || session.isBusy) return;
    clearTimeout(session.timer);
    sessions.delete(id);
    session.connection.close();
  };
  return {
    use: async (wanted, work) => {
      if (wanted === undefined) return work(undefined);
      let session = sessions.get(wanted.id);
      if (session === undefined) {
        if (wanted.mustExist) throw clickhouseError(372, 'Session not found');
        if (sessions.size >= MAX_SESSIONS)
          throw clickhouseError(202, `Too many sessions: ${MAX_SESSIONS} are open`);
        session = { connection: open(), isBusy: false, timer: undefined };
        sessions.set(wanted.id, session);
      }
      if (session.isBusy) throw clickhouseError(373, 'Session is locked by a concurrent client');
      clearTimeout(session.timer);
      session.isBusy = true;
      try {
        return await work(session.connection);
      } finally {
        session.isBusy = false;
        session.timer = setTimeout(() => forget(wanted.id), wanted.timeoutMs);
      }
    },
    stop: () => {
      for (const id of sessions.keys()) forget(id);
    },
  };
};
