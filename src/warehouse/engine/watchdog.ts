import { Worker } from 'node:worker_threads';

/** How often the main thread shows that it lives, and the parent is looked for. */
const BEAT_MS = 1_000;
/** A main thread that is silent for this long hangs in the engine, and never comes back. */
const SILENT_MS = 60_000;
/** An orderly end after the parent's death takes seconds; after this the process is ended by force. */
const ORPHAN_MS = 15_000;

/**
 * Ends the process by force when its main thread hangs, or when its parent is gone and it does not end by itself: an
 * engine that stays behind would keep the lock on its data. Killing is safe at any time.
 */
export const startWatchdog = (): void => {
  const beats = new Int32Array(new SharedArrayBuffer(4));
  setInterval(() => Atomics.add(beats, 0, 1), BEAT_MS).unref();
  const worker = new Worker(WATCH, {
    eval: true,
    workerData: {
      beats,
      beatMs: BEAT_MS,
      silentBeats: SILENT_MS / BEAT_MS,
      orphanBeats: ORPHAN_MS / BEAT_MS,
    },
    resourceLimits: { maxOldGenerationSizeMb: 16 },
  });
  worker.unref();
};

// It must not touch anything of the main thread, so it is a program of its own. The worker of a process that cannot
// end keeps running; that of one that ends ends with it.
const WATCH = `
  const { workerData } = require('node:worker_threads');
  const { beats, beatMs, silentBeats, orphanBeats } = workerData;
  const parent = process.ppid;
  let last = -1, silent = 0, orphaned = 0;
  setInterval(() => {
    const now = Atomics.load(beats, 0);
    silent = now === last ? silent + 1 : 0;
    last = now;
    orphaned = process.ppid === parent ? 0 : orphaned + 1;
    if (silent > silentBeats || orphaned > orphanBeats) process.kill(process.pid, 'SIGKILL');
  }, beatMs);
`;
