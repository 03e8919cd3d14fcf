// A loader as a process of its own that ends itself at a step: `node loader-program.ts '<LoaderOptions as JSON>'`. Environment:
// `END_AT` (step) and `END_AFTER` (how often the step is passed before). Writes `ready` when it runs.
import { createLog, createMetrics, systemClock } from '#core';
import { type LoaderOptions, startLoader } from '#loader';
import { lockFolder } from '#journal';
import { encodeEventRow } from '../support/event-rows.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as LoaderOptions;
const endAt = process.env['END_AT'] ?? '';
let left = Number(process.env['END_AFTER'] ?? 0);

const lock = await lockFolder(options.dataDir, 'loader');
const rounds = await startLoader(options, {
  clock: systemClock,
  log: createLog(options.logLevel, 2),
  metrics: createMetrics(),
  encode: encodeEventRow,
  isHeld: () => lock.isHeld(),
  onStep: (step) => {
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
