import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCollector, prepareServer, serverOptions } from '#collector';
import { createLog, createMetrics, systemClock } from '#core';
import { type JournalFiles, lockFolder, openJournalWriter, systemFiles } from '#journal';
import { collectorOptions, testSnapshot } from '../../support/collector-server.ts';

/**
 * A collector as a process of its own, for tests that kill it. Arguments as JSON: folder, segmentBytes; `killAt` and `killWhen`
 * (`before`, `after`): the process kills itself at this call of the journal to the disk; `role`: claim the folder in this role
 * first. Prints its port.
 */
interface Arguments {
  readonly folder: string;
  readonly segmentBytes?: number;
  readonly killAt?: number;
  readonly killWhen?: 'before' | 'after';
  readonly role?: string;
}

const given = JSON.parse(process.argv[2] ?? '{}') as Arguments;

const deadly = (files: JournalFiles, killAt: number, when: 'before' | 'after'): JournalFiles => {
  let calls = 0;
  const die = (): void => {
    process.kill(process.pid, 'SIGKILL');
    // The signal may take a moment; nothing may happen in it.
    for (;;);
  };
  const guard =
    <A extends readonly unknown[], R>(call: (...args: A) => R) =>
    (...args: A): R => {
      calls += 1;
      if (calls === killAt && when === 'before') die();
      const result = call(...args);
      if (calls === killAt && when === 'after') die();
      return result;
    };
  return {
    makeFolder: guard(files.makeFolder),
    create: guard(files.create),
    write: guard(files.write),
    datasync: guard(files.datasync),
    datasyncLater: guard(files.datasyncLater),
    truncate: guard(files.truncate),
    close: guard(files.close),
    put: guard(files.put),
    remove: guard(files.remove),
    syncFolder: guard(files.syncFolder),
    list: guard(files.list),
    size: guard(files.size),
    space: guard(files.space),
  };
};

const log = createLog('error', 2);
const metrics = createMetrics();
if (given.role !== undefined) await lockFolder(given.folder, given.role);
const journal = openJournalWriter({
  folder: given.folder,
  sync: 'always',
  syncIntervalMs: 200,
  segmentBytes: given.segmentBytes ?? 100_000,
  maxBytes: 0,
  clock: systemClock,
  log,
  metrics,
  files:
    given.killAt === undefined ? systemFiles : deadly(systemFiles, given.killAt, given.killWhen ?? 'before'),
});
const collector = createCollector({
  registry: { current: () => testSnapshot },
  journal,
  clock: systemClock,
  log,
  metrics,
  options: collectorOptions,
});
const server = createServer(serverOptions(collectorOptions), (request, response) => {
  if (!collector.handle(request, response)) response.writeHead(404).end();
});
prepareServer(server, collectorOptions, metrics);
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
