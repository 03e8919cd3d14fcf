import type { Answer } from './answer.ts';
import type { Question } from './body.ts';
import type { ChdbConnection } from './chdb.ts';
import { clickhouseError } from './exception.ts';
import { openPipe } from './pipe.ts';
import { withSettings } from './preamble.ts';
import type { Call } from './request.ts';
import type { Sessions } from './sessions.ts';
import type { Slot, Slots } from './slots.ts';
import { type Spool, writeToFile } from './spool.ts';
import { quoted, type RowsStatement } from './statement.ts';

/** Runs statements and writes their answers. */
export interface Executor {
  /** Runs one question; `gone` aborts when the caller has hung up. Rejects with what is to be answered as an error. */
  run(call: Call, question: Question, answer: Answer, gone: AbortSignal): Promise<void>;
  /** Stops what still runs, and waits for it. */
  stop(): Promise<void>;
}

/** Creates the executor over the slots. `control` is a connection for KILL QUERY alone. */
export const createExecutor = (deps: {
  readonly slots: Slots;
  readonly sessions: Sessions;
  readonly spool: Spool;
  readonly control: ChdbConnection;
}): Executor => {
  const { slots, sessions, spool, control } = deps;
  const running = new Set<string>();

  // Every statement carries this comment, so it can be found among the running ones: chDB gives no way to choose its id.
  const marker = (call: Call): string => `/* query_id: ${call.queryId} */`;

  let lastKill: Promise<unknown> = Promise.resolve();
  const kill = (mark: string): Promise<unknown> => {
    const sql = `KILL QUERY WHERE position(query, ${quoted(mark)}) > 0 ASYNC`;
    lastKill = lastKill.then(() => control.query(sql, 'Null')).catch(() => undefined);
    return lastKill;
  };

  const inSlot = <T>(call: Call, gone: AbortSignal, work: (slot: Slot) => Promise<T>): Promise<T> =>
    sessions.use(call.session, (connection) =>
      slots.run(async (slot) => {
        if (gone.aborted) throw new Error('the caller has gone');
        const onGone = (): void => void kill(marker(call));
        try {
          return await withSettings(call, slot.connection, async () => {
            gone.addEventListener('abort', onGone);
            if (gone.aborted) throw new Error('the caller has gone');
            return work(slot);
          });
        } finally {
          gone.removeEventListener('abort', onGone);
        }
      }, connection),
    );

  const rows = async (
    call: Call,
    statement: RowsStatement,
    answer: Answer,
    gone: AbortSignal,
  ): Promise<void> =>
    inSlot(call, gone, async ({ connection, pipe }) => {
      const reader = openPipe(pipe);
      const onGone = (): void => void reader.stream.destroy();
      gone.addEventListener('abort', onGone);
      const format = statement.format === undefined ? `FORMAT ${identifier(call.defaultFormat)}` : '';
      const sql = `${statement.head} INTO OUTFILE ${quoted(pipe)} APPEND ${format} ${statement.tail}\n${marker(call)}`;
      const query = connection.query(sql, 'Null').finally(() => reader.finish());
      query.catch(() => undefined);
      try {
        for await (const chunk of reader.stream) await answer.write(chunk as Buffer);
      } catch {
        // The caller has gone, or the pipe broke: nobody reads the rest.
        await kill(marker(call));
      } finally {
        reader.stream.destroy();
        gone.removeEventListener('abort', onGone);
        await query;
      }
      await answer.end({});
    });

  const insert = (call: Call, question: Question, answer: Answer, gone: AbortSignal): Promise<void> =>
    spool.use(async (path) => {
      const { statement, data } = question;
      if (statement.kind !== 'insert-data' || data === undefined) return;
      await writeToFile(path, data.before, data.rest);
      const sql = statement.fromFile(path, marker(call));
      const written = await inSlot(call, gone, ({ connection }) => connection.write(sql));
      await answer.end({ writtenRows: written.rowsWritten, writtenBytes: written.bytesWritten });
    });

  const plain = (
    call: Call,
    text: string,
    isInsert: boolean,
    answer: Answer,
    gone: AbortSignal,
  ): Promise<void> =>
    inSlot(call, gone, async ({ connection }) => {
      const sql = `${withoutEnd(text)}\n${marker(call)}`;
      if (isInsert) {
        const written = await connection.write(sql);
        await answer.end({ writtenRows: written.rowsWritten, writtenBytes: written.bytesWritten });
        return;
      }
      const bytes = await connection.query(sql, call.defaultFormat);
      if (bytes.length > 0) await answer.write(bytes);
      await answer.end({});
    });

  return {
    run: async (call, question, answer, gone) => {
      if (running.has(call.queryId)) {
        throw clickhouseError(216, `Query with id = ${call.queryId} is already running`);
      }
      running.add(call.queryId);
      try {
        const { statement } = question;
        if (statement.kind === 'rows') await rows(call, statement, answer, gone);
        else if (statement.kind === 'insert-data') await insert(call, question, answer, gone);
        else await plain(call, statement.text, statement.kind === 'insert-select', answer, gone);
      } finally {
        running.delete(call.queryId);
      }
    },
    stop: async () => {
      const ended = slots.stop();
      if (slots.busy() > 0) await control.query('KILL QUERY WHERE 1 ASYNC', 'Null').catch(() => undefined);
      await ended;
      await lastKill;
      sessions.stop();
    },
  };
};

const identifier = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

const withoutEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && (text.charAt(end - 1).trim() === '' || text.charAt(end - 1) === ';')) end -= 1;
  return text.slice(0, end);
};
