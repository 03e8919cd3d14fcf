// A loader as a process of its own that ends or stops itself at a step: `node loader-program.ts '<LoaderOptions as JSON>'`. Environment:
// `END_AT` (step) and `END_AFTER` (how often the step is passed before); `STOP_AT` (step): it stands still there once, until SIGCONT. Writes `ready`
// when it runs.
import { createLog, createMetrics, systemClock } from '#core';
import { type LoaderOptions, startLoader } from '#loader';
import { lockFolder } from '#journal';
import { encodeEventRow } from '../support/event-rows.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as LoaderOptions;
const endAt = process.env['END_AT'] ?? '';
let left = Number(process.env['END_AFTER'] ?? 0);
let stopAt = process.env['STOP_AT'] ?? '';

const lock = await lockFolder(options.dataDir, 'loader');
const rounds = await startLoader(options, {
  clock: systemClock,
  log: createLog(options.logLevel, 2),
  metrics: createMetrics(),
  encode: encodeEventRow,
  isHeld: () => lock.isHeld(),
  onStep: (step) => {
    if (step === stopAt) {
      stopAt = '';
      process.kill(process.pid, 'SIGSTOP');
    }
    if (step !== endAt || left-- > 0) return;
    process.kill(process.pid, 'SIGKILL');
  },
});
process.stdout.write('ready\n');
process.once('SIGTERM', () => {
  void rounds.stop();
});
await rounds.ended;
await lock.release();
