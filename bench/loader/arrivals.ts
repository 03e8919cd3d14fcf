// Beacons that go on arriving while a backlog is loaded: appends `rate` a second, durably, until it is ended. Its only line says how many it has
// appended, and in how many seconds.
import { setTimeout as sleep } from 'node:timers/promises';
import { appendOne, createPool, openBenchWriter } from './journal.ts';

const [dataDir = '', rateText = '2000', ...tenants] = process.argv.slice(2);
const rate = Number(rateText);
const pool = createPool(tenants);
const writer = openBenchWriter(dataDir, 'always');
let stopped = false;
process.on('SIGTERM', () => {
  stopped = true;
});

const begun = performance.now();
let appended = 0;
while (!stopped) {
  const due = Math.floor(((performance.now() - begun) / 1_000) * rate);
  const group: Promise<void>[] = [];
  for (; appended < due; appended++) {
    const record = pool[appended % pool.length];
    if (record !== undefined) group.push(appendOne(writer, { ...record, receivedAt: Date.now() }));
  }
  await Promise.all(group);
  await sleep(5);
}
const seconds = (performance.now() - begun) / 1_000;
await writer.stop();
process.stdout.write(`${JSON.stringify({ appended, seconds })}\n`);
