import { tokensOf } from '../sql-text/tokens.ts';
import type { ChdbConnection } from './chdb.ts';
import { clickhouseError } from './exception.ts';
import type { Call } from './request.ts';
import { quoted } from './statement.ts';

/** A call while it runs. */
export interface RunningCall {
  /**
   * A comment that the call's statement must carry, in the setting `log_comment` as well when the call has parameters: chDB gives no way to
   * choose a statement's id, so it is found by this.
   */
  readonly marker: string;
  /** Stops the statement, again and again until the call has ended: it may not have begun yet. */
  kill(): void;
  /** To be called when the call has ended. */
  end(): void;
}

/** What runs, so that it can be stopped. */
export interface RunningCalls {
  /** Registers a call. Errors: 216 when one with the same id runs. */
  add(queryId: string): RunningCall;
  /**
   * Resolves when the calls whose callers have gone have ended, or after `timeoutMs`. Who asks for the running
   * statements must not be told of none while one that was given up is about to begin.
   */
  abandonedHaveEnded(timeoutMs: number): Promise<void>;
  /** A KILL QUERY with the engine's own ids in place of the callers' ids of running calls. */
  withEngineIds(call: Call, text: string): Promise<{ readonly call: Call; readonly text: string }>;
  /** Kills everything that runs. */
  killAll(): Promise<void>;
}

const KILL_EVERY_MS = 250;

/** Creates the registry. `control` is a connection that nothing else uses. */
export const createRunningCalls = (control: ChdbConnection): RunningCalls => {
  const running = new Map<
    string,
    { readonly marker: string; readonly ended: Promise<void>; isAbandoned: boolean }
  >();
  let last: Promise<unknown> = Promise.resolve();
  // One statement at a time on the control connection.
  const ask = (sql: string): Promise<Buffer> => {
    const answer = last.then(() => control.query(sql, 'TabSeparatedRaw'));
    last = answer.catch(() => undefined);
    return answer;
  };
  // The engine keeps a statement that has parameters without its comments; then the mark is in a setting.
  const isMarked = (marker: string): string =>
    `(position(query, ${quoted(marker)}) > 0 OR position(Settings['log_comment'], ${quoted(marker)}) > 0)`;
  const killMarked = (marker: string): void => {
    ask(`KILL QUERY WHERE ${isMarked(marker)} ASYNC`).catch(() => undefined);
  };
  const engineIdOf = async (marker: string): Promise<string | undefined> => {
    const ids = await ask(
      `SELECT query_id FROM system.processes WHERE ${isMarked(marker)} AND query NOT LIKE '%system.processes%'`,
    );
    return ids
      .toString('utf8')
      .split('\n')
      .find((id) => id !== '');
  };

  return {
    add: (queryId) => {
      if (running.has(queryId)) throw clickhouseError(216, `Query with id = ${queryId} is already running`);
      const marker = `/* query_id: ${queryId} */`;
      const { promise: ended, resolve } = Promise.withResolvers<void>();
      const entry = { marker, ended, isAbandoned: false };
      running.set(queryId, entry);
      let timer: NodeJS.Timeout | undefined;
      return {
        marker,
        kill: () => {
          if (entry.isAbandoned || running.get(queryId) !== entry) return;
          entry.isAbandoned = true;
          killMarked(marker);
          timer = setInterval(() => killMarked(marker), KILL_EVERY_MS);
        },
        end: () => {
          clearInterval(timer);
          running.delete(queryId);
          resolve();
        },
      };
    },
    abandonedHaveEnded: async (timeoutMs) => {
      const abandoned = [...running.values()]
        .filter((entry) => entry.isAbandoned)
        .map((entry) => entry.ended);
      if (abandoned.length === 0) return;
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const timer = setTimeout(resolve, timeoutMs);
      await Promise.race([Promise.all(abandoned), late]);
      clearTimeout(timer);
    },
    withEngineIds: async (call, text) => {
      const translate = async (id: string): Promise<string> => {
        const entry = running.get(id);
        return (entry === undefined ? undefined : await engineIdOf(entry.marker)) ?? id;
      };
      let translated = '';
      let copied = 0;
      for (const { kind, start, end } of tokensOf(text)) {
        const id = text.slice(start + 1, end - 1);
        if (kind !== 'string' || !running.has(id) || id === call.queryId) continue;
        translated += `${text.slice(copied, start)}${quoted(await translate(id))}`;
        copied = end;
      }
      const parameters = new Map<string, string>();
      for (const [name, value] of call.parameters) parameters.set(name, await translate(value));
      return { call: { ...call, parameters }, text: `${translated}${text.slice(copied)}` };
    },
    killAll: async () => {
      await ask('KILL QUERY WHERE 1 ASYNC').catch(() => undefined);
    },
  };
};
