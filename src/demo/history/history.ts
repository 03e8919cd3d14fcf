import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, errorText, type Log, type Running } from '#core';
import { type TenantId, toTenantId } from '#tenants';
import type { FillOptions } from './fill-past.ts';
import type { FromFillThread } from './fill-thread.ts';
import { type HistoryState, readHistoryState, writeHistoryState } from './history-state.ts';
import { removeGenerated } from './remove-generated.ts';
import { DEMO_STORIES, type DemoNote, demoNotes, STORY_DAYS } from './story.ts';

/** The made-up past of the demo organizations. */
export interface DemoHistory extends Running {
  /**
   * Begins to fill it, or goes on, in a thread of its own; nothing when it is there or was removed. Resolves, when this is the very
   * beginning, with the notes that belong to it.
   */
  start(): Promise<readonly DemoNote[]>;
  /** Is it being filled? Meanwhile hours are not worth rolling up. */
  isFilling(): boolean;
  /** The notes that belong to it, there or not. */
  notes(): Promise<readonly DemoNote[]>;
  /** Removes it for good; gives the number of beacons. Rejects when the warehouse does not. */
  remove(): Promise<{ readonly rows: number }>;
}

/** What it depends on. */
export interface DemoHistoryOptions extends Omit<FillOptions, 'state'> {
  readonly client: ClickHouseClient;
  readonly clock: Clock;
  readonly log: Log;
  /** Says something to the person at the terminal. */
  readonly tell: (sentence: string) => void;
}

const DAY_MS = 86_400_000;
const RETRY_MS = 30_000;

/** Creates the demo's past; nothing happens before `start`. */
export const createDemoHistory = (options: DemoHistoryOptions): DemoHistory => {
  const { client, clock, log, tell, ...fill } = options;
  const path = join(fill.dataDir, 'demo-history.json');
  const stopping = new AbortController();
  let thread: Worker | null = null;
  let running: Promise<void> | null = null;

  const begin = async (): Promise<HistoryState> => {
    const known = await readHistoryState(path);
    if (known !== null) return known;
    const to = clock.now();
    const state: HistoryState = { kind: 'filling', from: to - STORY_DAYS * DAY_MS, to, done: {} };
    await writeHistoryState(path, state);
    return state;
  };

  /** One life of the thread; gives why it failed, or null. */
  const runThread = (first: HistoryState, onDay: (beacons: number) => void): Promise<string | null> =>
    new Promise((resolve) => {
      let state = first;
      let failure: string | null = null;
      let saving = Promise.resolve();
      const save = (next: HistoryState): void => {
        state = next;
        saving = saving
          .then(() => writeHistoryState(path, next))
          .catch((error: unknown) => {
            // The days are found in the tables when they are made again.
            log.warn('demo_state_not_saved', { err: errorText(error) });
          });
      };
      thread = new Worker(new URL('./fill-thread.ts', import.meta.url), {
        workerData: { ...fill, state } satisfies FillOptions,
        resourceLimits: { maxOldGenerationSizeMb: 256 },
        name: 'demo-history',
      });
      thread.on('message', (message: FromFillThread) => {
        if (message.kind === 'failed') failure = message.reason;
        else if (message.kind === 'day') {
          save({ ...state, done: { ...state.done, [message.tenant]: message.day } });
          onDay(message.beacons);
        } else if (!stopping.signal.aborted) save({ ...state, kind: 'filled' });
      });
      thread.on('error', (error) => {
        failure = errorText(error);
      });
      thread.once('exit', () => {
        thread = null;
        void saving.then(() => resolve(failure));
      });
    });

  const run = async (): Promise<void> => {
    const begun = clock.monotonic();
    let beacons = 0;
    let days = 0;
    const onDay = (count: number): void => {
      beacons += count;
      days += 1;
      if (days % (DEMO_STORIES.length * 7) === 0)
        log.info('demo_week_made', { beacons, days: days / DEMO_STORIES.length });
    };
    while (!stopping.signal.aborted) {
      const state = await begin();
      if (state.kind !== 'filling') break;
      if (days === 0)
        tell(`Making up ${STORY_DAYS} days of page views for the demo; the charts fill up in a moment.`);
      const failure = await runThread(state, onDay);
      if (failure === null || stopping.signal.aborted) break;
      log.warn('demo_not_filled', { err: failure, again_in_ms: RETRY_MS });
      await clock.sleep(RETRY_MS, stopping.signal);
    }
    if (days === 0 || stopping.signal.aborted) return;
    const seconds = Math.round((clock.monotonic() - begun) / 100) / 10;
    log.info('demo_filled', { beacons, seconds });
    tell(
      `The demo has ${beacons} generated beacons (${seconds} s), marked as generated; remove them in the back office at any time.`,
    );
  };

  const halt = async (): Promise<void> => {
    stopping.abort();
    thread?.postMessage('stop');
    await running;
  };

  return {
    start: async () => {
      const isNew = (await readHistoryState(path)) === null;
      const { kind, to } = await begin();
      if (kind !== 'filling' || stopping.signal.aborted) return [];
      running ??= run().finally(() => {
        running = null;
      });
      return isNew ? demoNotes(to) : [];
    },
    isFilling: () => running !== null,
    notes: async () => {
      const state = await readHistoryState(path);
      return state === null ? [] : demoNotes(state.to);
    },
    remove: async () => {
      await halt();
      const state = await begin();
      await writeHistoryState(path, { ...state, kind: 'removed' });
      let rows = 0;
      for (const { organization } of DEMO_STORIES)
        rows += await removeGenerated(client, demoTenant(organization.prefix), fill.warehouse.cluster);
      log.info('demo_removed', { beacons: rows });
      return { rows };
    },
    stop: halt,
  };
};

const demoTenant = (prefix: string): TenantId => {
  const id = toTenantId(prefix);
  if (id === null) throw new Error(`not the id of a tenant: ${prefix}`);
  return id;
};
