import { once } from 'node:events';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { silentLog } from '#core';
import { openJournalReader } from '#journal';
import { type Outcome, sendBeacon } from '../support/beacon-sender.ts';
import { markerOf } from '../support/loader-world.ts';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

let rumbrella: RunningRumbrella | undefined;

afterEach(async () => {
  await rumbrella?.remove();
  rumbrella = undefined;
});

/** Sends beacons one after the other, on kept connections and on new ones, until the server has ended. */
const sendUntilTheEnd = (server: RunningRumbrella) => {
  const outcomes = new Map<string, Outcome>();
  const agent = new Agent({ keepAlive: true });
  const hasEnded = (): boolean => server.process.exitCode !== null || server.process.signalCode !== null;
  const send = async (sender: number): Promise<void> => {
    for (let number = 0; !hasEnded(); number += 1) {
      const id = `s${sender}_${number}`;
      const outcome = await sendBeacon(server.url, id, sender % 2 === 0 ? agent : undefined);
      outcomes.set(id, outcome);
      if (outcome !== 204) await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  const sent = Promise.all(Array.from({ length: 8 }, (_, sender) => send(sender)));
  return {
    stored: (): number => [...outcomes.values()].filter((outcome) => outcome === 204).length,
    end: async (): Promise<ReadonlyMap<string, Outcome>> => {
      await sent;
      agent.destroy();
      return outcomes;
    },
  };
};

const idsInJournal = async (server: RunningRumbrella): Promise<readonly string[]> => {
  const reader = openJournalReader({ folder: join(server.folder, 'data', 'journal'), log: silentLog });
  const ids: string[] = [];
  for (let cursor = {}; ; ) {
    const range = await reader.read(cursor, { maxEntries: 10_000, maxBytes: 1e8 });
    if (range.entries.length === 0) return ids;
    ids.push(...range.entries.map(({ record }) => markerOf(record)));
    cursor = range.cursor;
  }
};

/** Every beacon that was answered 204 is in the journal, once; nobody was told to go away while the port was open. */
const expectKept = async (
  server: RunningRumbrella,
  outcomes: ReadonlyMap<string, Outcome>,
): Promise<void> => {
  const inJournal = await idsInJournal(server);
  const unique = new Set(inJournal);
  expect(inJournal.length).toBe(unique.size);
  const answered = [...outcomes].filter(([, outcome]) => outcome === 204).map(([id]) => id);
  expect(answered.filter((id) => !unique.has(id))).toEqual([]);
};

const statusesOf = (outcomes: ReadonlyMap<string, Outcome>): readonly number[] => [
  ...new Set([...outcomes.values()].filter((outcome) => typeof outcome === 'number')),
];

describe('an orderly stop under load', () => {
  test('takes beacons until the port is closed, refuses none, and has every acknowledged one in the journal', async () => {
    const server = (rumbrella = await startRumbrella());
    const sending = sendUntilTheEnd(server);
    await poll('beacons are taken', () => sending.stored() > 200);
    server.process.kill('SIGTERM');
    const before = sending.stored();
    await once(server.process, 'exit');
    const outcomes = await sending.end();
    expect(server.process.exitCode).toBe(0);
    expect(statusesOf(outcomes)).toEqual([204]);
    expect(sending.stored()).toBeGreaterThan(before);
    await expectKept(server, outcomes);
  });
});

describe('a failure that nobody caught', () => {
  const preload = pathToFileURL(join(import.meta.dirname, '../support/fail-on-signal.ts')).href;
  const env = { NODE_OPTIONS: `--import ${preload}`, RUMBRELLA_DEMO_PASSWORD: 'a password for the test' };

  test('is told and counted, and everything goes on, when it is a rejection', async () => {
    const server = (rumbrella = await startRumbrella({ env }));
    server.process.kill('SIGHUP');
    const line = await poll('it is told', () =>
      server.log.find(({ event }) => event === 'rejection_unhandled'),
    );
    expect(line).toMatchObject({ level: 'error', err: 'nobody waits for this' });
    expect(await sendBeacon(server.url, 'after')).toBe(204);
    const metrics = await (await fetch(`${server.url}/metrics`)).text();
    expect(metrics).toContain('rumbrella_process_failures_total{kind="rejection"} 1');
    await server.end();
    expect(server.process.exitCode).toBe(0);
  });

  test('ends the process with a code, when it is an exception, with every acknowledged beacon in the journal', async () => {
    const server = (rumbrella = await startRumbrella({ env }));
    const sending = sendUntilTheEnd(server);
    await poll('beacons are taken', () => sending.stored() > 200);
    server.process.kill('SIGUSR2');
    await once(server.process, 'exit');
    const outcomes = await sending.end();
    expect(server.process.exitCode).toBe(1);
    expect(server.log.find(({ event }) => event === 'exception_uncaught')).toMatchObject({
      level: 'error',
      err: 'nobody catches this',
    });
    await expectKept(server, outcomes);
    const again = (rumbrella = await startRumbrella({ folder: server.folder }));
    expect(await sendBeacon(again.url, 'after')).toBe(204);
  });
});
