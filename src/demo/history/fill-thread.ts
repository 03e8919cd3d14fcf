import { parentPort, workerData } from 'node:worker_threads';
import { errorText } from '#core';
import { type FilledDay, type FillOptions, fillPast } from './fill-past.ts';

/** What the thread says. */
export type FromFillThread =
  | ({ readonly kind: 'day' } & FilledDay)
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly reason: string };

const tell = (message: FromFillThread): void => parentPort?.postMessage(message);

const stopping = new AbortController();
parentPort?.once('message', () => stopping.abort());

fillPast(workerData as FillOptions, (day) => tell({ kind: 'day', ...day }), stopping.signal)
  .then(() => tell({ kind: 'done' }))
  .catch((error: unknown) => tell({ kind: 'failed', reason: errorText(error) }))
  .finally(() => parentPort?.close());
