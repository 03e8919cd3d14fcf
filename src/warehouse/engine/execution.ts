import { createReadStream } from 'node:fs';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { tokensOf } from '../sql-text/tokens.ts';
import type { Answer, Summary } from './answer.ts';
import type { Question } from './body.ts';
import type { Written } from './chdb.ts';
import { ClickhouseException, toClickhouseException } from './exception.ts';
import { holdBack } from './held-back.ts';
import { createNativeRewriter } from './native-blocks.ts';
import { openPipe } from './pipe.ts';
import { withSettings } from './preamble.ts';
import type { Call } from './request.ts';
import type { RunningCall, RunningCalls } from './running-calls.ts';
import type { Sessions } from './sessions.ts';
import type { Slot, Slots } from './slots.ts';
import { type Spool, writeToFile } from './spool.ts';
import { type InsertStatement, type PlainStatement, quoted, type RowsStatement } from './statement.ts';

/** Runs statements and writes their answers. */
export interface Executor {
  /**
   * Runs one question and writes its rows; `gone` aborts when the caller has hung up. When it resolves, session, slot and query id
   * are free again, and the answer is to be ended. Rejects with what is to be answered as an error.
   */
  run(call: Call, question: Question, answer: Answer, gone: AbortSignal): Promise<Summary>;
  /** Waits for what runs, and after a while ends it. */
  stop(): Promise<void>;
}

const ABANDONED_TIMEOUT_MS = 10_000;
const STOP_GRACE_MS = 3_000;

/** Creates the executor over the slots. */
export const createExecutor = (deps: {
  readonly slots: Slots;
  readonly sessions: Sessions;
  readonly spool: Spool;
  readonly runningCalls: RunningCalls;
}): Executor => {
  const { slots, sessions, spool, runningCalls } = deps;

  const inSlot = <T>(
    call: Call,
    running: RunningCall,
    gone: AbortSignal,
    work: (slot: Slot) => Promise<T>,
  ): Promise<T> =>
    sessions.use(call.session, (connection) =>
      slots.run(async (slot) => {
        gone.throwIfAborted();
        gone.addEventListener('abort', running.kill);
        try {
          return await withSettings(marked(call, running.marker), slot.connection, () => {
            gone.throwIfAborted();
            return work(slot);
          });
        } finally {
          gone.removeEventListener('abort', running.kill);
        }
      }, connection),
    );

  const rows = async (
    call: Call,
    statement: RowsStatement,
    running: RunningCall,
    write: (chunk: Buffer) => Promise<void>,
    gone: AbortSignal,
  ): Promise<void> => {
    if (asksForProcesses(statement.head)) await settled();
    const format = statement.format ?? call.defaultFormat;
    const isNative = format.toLowerCase() === 'native' && call.protocolVersion > 0;
    const rewriter = isNative ? createNativeRewriter(call.protocolVersion) : undefined;
    await inSlot(call, running, gone, async ({ connection, pipe }) => {
      const reader = openPipe(pipe);
      const clause = statement.format === undefined ? `FORMAT ${identifier(format)}` : '';
      const sql = `${statement.head} INTO OUTFILE ${quoted(pipe)} APPEND ${clause} ${statement.tail}\n${running.marker}`;
      const query = connection.query(sql, 'Null').finally(() => reader.finish());
      const read = reader.readAll(async (chunk) => {
        gone.throwIfAborted();
        const piece = rewriter === undefined ? chunk : rewriter.push(chunk);
        if (piece.length > 0) await write(piece);
      }, running.kill);
      // The connection is free only when both have ended; why the statement failed says more than a broken stream.
      const [ended, passed] = await Promise.allSettled([query, read]);
      if (passed.status === 'rejected') throw passed.reason;
      if (ended.status === 'rejected') throw ended.reason;
      const last = rewriter?.end();
      if (last !== undefined && last.length > 0) await write(last);
    });
  };

  /** The whole answer is in a file before its first byte is sent, so that a late error still has its status. */
  const rowsAtEnd = (
    call: Call,
    statement: RowsStatement,
    running: RunningCall,
    answer: Answer,
    gone: AbortSignal,
  ) =>
    spool.use(async (path) => {
      await writeToFile(path, [], (write) => rows(call, statement, running, write, gone));
      for await (const chunk of createReadStream(path)) await answer.write(chunk as Buffer);
    });

  const insert = (
    call: Call,
    statement: InsertStatement,
    data: Question['data'],
    running: RunningCall,
    gone: AbortSignal,
  ): Promise<Summary> =>
    spool.use(async (path) => {
      await writeToFile(path, data === undefined ? [] : [data.before], data?.rest);
      const sql = statement.fromFile(path, running.marker);
      return summaryOf(await inSlot(call, running, gone, ({ connection }) => connection.write(sql)));
    });

  const plain = async (
    given: Call,
    statement: PlainStatement,
    running: RunningCall,
    answer: Answer,
    gone: AbortSignal,
  ): Promise<Summary> => {
    const isKill = statement.kind === 'kill';
    if (isKill) await settled();
    const { call, text } = isKill
      ? await runningCalls.withEngineIds(given, statement.text)
      : { call: given, text: statement.text };
    const sql = `${withoutEnd(text)}\n${running.marker}`;
    if (statement.kind === 'insert-select') {
      return summaryOf(await inSlot(call, running, gone, ({ connection }) => connection.write(sql)));
    }
    const bytes = await inSlot(call, running, gone, ({ connection }) =>
      connection.query(sql, call.defaultFormat),
    );
    if (bytes.length > 0) await answer.write(bytes);
    return {};
  };

  /** After this, a caller who hung up before asking is known to have done so, and its statement has ended. */
  const settled = async (): Promise<void> => {
    await setImmediate();
    await setImmediate();
    await runningCalls.abandonedHaveEnded(ABANDONED_TIMEOUT_MS);
  };

  return {
    run: async (call, question, answer, gone) => {
      const running = runningCalls.add(call.queryId);
      try {
        const { statement } = question;
        if (statement.kind === 'insert-data')
          return await insert(call, statement, question.data, running, gone);
        if (statement.kind !== 'rows') return await plain(call, statement, running, answer, gone);
        if (call.waitsForEnd) await rowsAtEnd(call, statement, running, answer, gone);
        else {
          const held = holdBack(answer);
          await rows(call, statement, running, held.write, gone);
          await held.release();
        }
        return {};
      } catch (error) {
        throw withoutOurs(error, running.marker, spool.folder);
      } finally {
        running.end();
      }
    },
    stop: async () => {
      const ended = slots.stop();
      await Promise.race([ended, setTimeout(STOP_GRACE_MS, undefined, { ref: false })]);
      if (slots.busy() > 0) await runningCalls.killAll();
      await ended;
      sessions.stop();
    },
  };
};

/** A statement with parameters loses its comments, so that its mark must be in a setting. */
const marked = (call: Call, marker: string): Call => {
  if (call.parameters.size === 0) return call;
  const comment = [call.settings.get('log_comment') ?? '', marker].join(' ').trim();
  return { ...call, settings: new Map([...call.settings, ['log_comment', comment]]) };
};

/** The error as it would be without what we put into the statement: its mark, and where its data and answer lie. */
const withoutOurs = (error: unknown, marker: string, folder: string): unknown => {
  const exception = toClickhouseException(error);
  if (!exception.message.includes(marker) && !exception.message.includes(folder)) return error;
  const outfile = exception.message.indexOf(`INTO OUTFILE '${folder}`);
  const end = outfile < 0 ? -1 : exception.message.indexOf('APPEND', outfile);
  const text =
    end < 0
      ? exception.message
      : `${exception.message.slice(0, outfile)}${exception.message.slice(end + 'APPEND'.length)}`;
  return new ClickhouseException(
    exception.errorNumber,
    text.replaceAll(marker, '').replaceAll(`${folder}/`, ''),
    error,
  );
};

const asksForProcesses = (text: string): boolean =>
  text.toLowerCase().includes('processes') &&
  tokensOf(text).some(
    ({ kind, value }) => (kind === 'word' || kind === 'quoted') && value.toUpperCase() === 'PROCESSES',
  );

const summaryOf = ({ rowsWritten, bytesWritten }: Written): Summary => ({
  writtenRows: rowsWritten,
  writtenBytes: bytesWritten,
});

const identifier = (name: string): string => `\`${name.replaceAll('\\', '\\\\').replaceAll('`', '\\`')}\``;

const withoutEnd = (text: string): string => {
  let end = text.length;
  while (end > 0 && (text.charAt(end - 1).trim() === '' || text.charAt(end - 1) === ';')) end -= 1;
  return text.slice(0, end);
};
