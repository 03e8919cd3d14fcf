import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import { createBrotliCompress, createDeflate, createGzip, createZstdCompress, constants } from 'node:zlib';
import { statusOf, toClickhouseException } from './exception.ts';
import type { Encoding } from './request.ts';

/** What a statement did, as `X-ClickHouse-Summary` tells it. */
export interface Summary {
  readonly readRows?: number;
  readonly writtenRows?: number;
  readonly writtenBytes?: number;
}

/** One answer of ClickHouse's protocol. The head is sent with the first byte, or at the end when there is none. */
export interface Answer {
  /** Sends bytes; resolves when more may be sent. Rejects when the caller has gone. */
  write(chunk: Buffer): Promise<void>;
  /** Ends a good answer. */
  end(summary: Summary): Promise<void>;
  /** Ends with an error: as the status and the body, or, behind the first byte, as the server's exception block. */
  fail(error: unknown): void;
}

/** What is known before the first byte. */
export interface AnswerFacts {
  readonly queryId: string;
  readonly version: string;
  readonly timezone: string;
  readonly encoding: Encoding | undefined;
  readonly startedAt: number;
}

/** A caller who reads nothing for this long is given up; its statement would hold its slot for ever. */
const STALLED_READER_MS = 300_000;

/** Starts an answer. `startedAt` is of `performance.now()`. */
export const createAnswer = (response: ServerResponse, facts: AnswerFacts, isHead: boolean): Answer => {
  const tag = randomBytes(8).toString('hex');
  let sink: Writable = response;
  let isStarted = false;

  const summaryText = (summary: Summary): string =>
    JSON.stringify({
      read_rows: String(summary.readRows ?? 0),
      read_bytes: '0',
      written_rows: String(summary.writtenRows ?? 0),
      written_bytes: String(summary.writtenBytes ?? 0),
      total_rows_to_read: '0',
      result_rows: String(summary.writtenRows ?? summary.readRows ?? 0),
      result_bytes: String(summary.writtenBytes ?? 0),
      elapsed_ns: String(Math.round((performance.now() - facts.startedAt) * 1e6)),
    });

  const head = (status: number, summary: Summary, hasBody: boolean): void => {
    isStarted = true;
    response.statusCode = status;
    response.setHeader('X-ClickHouse-Summary', summaryText(summary));
    if (hasBody && facts.encoding !== undefined && !isHead) {
      response.setHeader('Content-Encoding', facts.encoding);
      const coder = CODERS[facts.encoding]();
      coder.pipe(response);
      coder.on('error', (error) => response.destroy(error));
      response.on('close', () => coder.destroy());
      sink = coder;
    }
  };

  const send = async (chunk: Buffer): Promise<void> => {
    if (isHead) return;
    if (response.destroyed || response.closed) throw new Error('the caller has gone');
    if (sink.write(chunk)) return;
    const over = new AbortController();
    const onClose = (): void => over.abort();
    response.once('close', onClose);
    const timer = setTimeout(() => response.destroy(), STALLED_READER_MS);
    try {
      await once(sink, 'drain', { signal: over.signal });
    } finally {
      clearTimeout(timer);
      response.off('close', onClose);
    }
  };

  return {
    write: async (chunk) => {
      if (!isStarted) {
        response.setHeader('X-ClickHouse-Exception-Tag', tag);
        head(200, {}, true);
      }
      await send(chunk);
    },
    end: async (summary) => {
      // Neither `close` nor `finish` comes any more: the statement would count as running for ever.
      if (response.destroyed || response.closed) return;
      if (!isStarted) head(200, summary, false);
      await new Promise<void>((resolve) => {
        response.once('close', resolve);
        sink.end(resolve);
      });
    },
    fail: (error) => {
      const exception = toClickhouseException(error);
      const text = `${exception.message} (version ${facts.version} (chDB embedded build))\n`;
      if (response.destroyed) return;
      if (!isStarted) {
        response.setHeader('X-ClickHouse-Exception-Code', String(exception.errorNumber));
        response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
        head(statusOf(exception.errorNumber), {}, true);
        sink.end(isHead ? undefined : text);
        return;
      }
      // As servers since 25.11 do it: a block that no result can contain by accident. Then the connection is cut, so
      // that a caller who does not know the block notices all the same.
      const block = `\r\n__exception__\r\n${tag}\r\n${text}${Buffer.byteLength(text)} ${tag}\r\n__exception__\r\n`;
      // The official client finds the block only in one piece: what was sent before gets time to be read.
      setTimeout(() => {
        if (!response.destroyed) sink.write(block, () => response.socket?.destroySoon());
      }, BLOCK_PAUSE_MS);
    },
  };
};

const BLOCK_PAUSE_MS = 50;

const CODERS = {
  gzip: () => createGzip({ level: 3 }),
  deflate: () => createDeflate({ level: 3 }),
  br: () => createBrotliCompress({ params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
  zstd: () => createZstdCompress(),
};
