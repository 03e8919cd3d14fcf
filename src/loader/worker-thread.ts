import { parentPort, workerData } from 'node:worker_threads';
import { createLog, createMetrics, errorCode, errorText, systemClock } from '#core';
import { openBeaconEncoder } from './beacon-encoder.ts';
import type { LoaderOptions } from './loader-options.ts';
import { createLoaderGauges } from './loader-gauges.ts';
import { startLoader } from './start-loader.ts';
import type { FromThread, ToThread } from './thread-messages.ts';

/** The thread of the loader: everything that it needs comes as `workerData` (`LoaderOptions`) and by messages. */
const main = async (options: LoaderOptions): Promise<void> => {
  const log = createLog(options.logLevel);
  const metrics = createMetrics();
  const held = new Map<number, (held: boolean) => void>();
  let questions = 0;
  const isHeld = (): Promise<boolean> =>
    new Promise((resolve) => {
      questions++;
      held.set(questions, resolve);
      tell({ kind: 'held_wanted', id: questions });
    });

  let stop = async (): Promise<void> => undefined;
  const commands: ToThread[] = [];
  let obey = (command: ToThread): void => void commands.push(command);
  parentPort?.on('message', (command: ToThread) => {
    if (command.kind !== 'held') return obey(command);
    held.get(command.id)?.(command.held);
    held.delete(command.id);
  });

  const encoder = await openBeaconEncoder(options.beacons, { log, metrics, clock: systemClock });
  const rounds = await startLoader(options, {
    clock: systemClock,
    log,
    metrics,
    encode: encoder.encode,
    release: encoder.release,
    isHeld,
  });
  const setGauges = createLoaderGauges(metrics);
  const report = (): void => {
    const status = rounds.status();
    setGauges(status);
    tell({ kind: 'status', status });
  };
  const reporting = setInterval(report, 1_000);
  stop = async () => {
    await rounds.stop();
    clearInterval(reporting);
    await encoder.stop();
    parentPort?.close();
  };
  obey = (command) => {
    if (command.kind === 'stop') void stop();
    else if (command.kind === 'values_wanted')
      void metrics.values().then((values) => tell({ kind: 'values', values }));
  };
  for (const command of commands) obey(command);
  report();
  await rounds.ended;
};

const tell = (message: FromThread): void => parentPort?.postMessage(message);

main(workerData as LoaderOptions).catch((error: unknown) => {
  tell({ kind: 'failed', code: errorCode(error), reason: errorText(error) });
  parentPort?.close();
  // Should anything still be open: the message is out by then. In a thread this ends the thread.
  setTimeout(() => process.exit(1), 500).unref();
});
