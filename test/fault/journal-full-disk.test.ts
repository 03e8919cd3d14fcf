import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { silentLog } from '#core';
import { openJournalReader } from '#journal';
import {
  type CollectorProcess,
  type SentBeacons,
  sendBeacons,
  sendOne,
  startCollectorProcess,
} from '../support/collector-process.ts';
import { idsOf, readAll, temporaryFolder } from '../support/journal-folder.ts';
import { poll } from '../support/poll.ts';

let folder: ReturnType<typeof temporaryFolder>;
let running: CollectorProcess | null = null;
const agent = new Agent({ keepAlive: true });
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(async () => {
  await running?.kill();
  running = null;
  folder.remove();
});

const expectContract = async (journal: string, sent: SentBeacons): Promise<void> => {
  const seen = idsOf((await readAll(journal)).entries);
  expect(new Set(seen).size).toBe(seen.length);
  expect(sent.answered.filter((id) => !seen.includes(id))).toEqual([]);
};

describe('a collector whose disk is full', () => {
  test('refuses with 503, and answers again by itself when there is room', async () => {
    const disk = join(folder.path, 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', disk]).status === 0;
    // Mounting needs root. Without it the limit below is the only full disk there is.
    if (!mounted)
      return process.stdout.write(
        'mount was refused: the full disk is tested by a limit of file sizes alone\n',
      );
    try {
      running = await startCollectorProcess({ folder: disk, segmentBytes: 50_000 });
      if (running === null) throw new Error('the collector did not start');
      const sent: SentBeacons = { answered: [], refused: [], unheard: [] };
      const kept = new Set<string>();
      const ballast = join(disk, 'somebody-elses-file');
      for (let cycle = 0; cycle < 5; cycle++) {
        const before = sent.refused.length;
        await sendBeacons(running.port, `full${cycle}`, sent, () => sent.refused.length > before + 20);
        expect(sent.unheard).toEqual([]);
        const health = await fetch(`http://127.0.0.1:${running.port}/health`);
        expect([200, 503]).toContain(health.status);
        await expectContractWith(disk, sent, kept);
        const reader = openJournalReader({ folder: disk, log: silentLog });
        for (const { entries } of [await reader.read({}, { maxEntries: 1e6, maxBytes: 1e9 })])
          for (const entry of entries) kept.add(entry.record.query);
        for (const { segment, sealed } of await reader.segments()) if (sealed) await reader.remove(segment);
        rmSync(ballast, { force: true });
        const { port } = running;
        let attempts = 0;
        await poll('an answer after space was freed', async () => {
          const id = `free${cycle}-${attempts++}`;
          const status = await sendOne(agent, port, id);
          (status === 204 ? sent.answered : sent.refused).push(id);
          return status === 204;
        });
        writeFileSync(ballast, Buffer.alloc(cycle * 10_000));
      }
      expect(sent.answered.length).toBeGreaterThan(500);
      await expectContractWith(disk, sent, kept);
    } finally {
      await running?.kill();
      running = null;
      spawnSync('umount', ['-l', disk]);
    }
    return undefined;
  });

  test('keeps its word when every file may only grow to a limit', async () => {
    running = await startCollectorProcess({ folder: folder.path, segmentBytes: 1_000_000 }, [
      'prlimit',
      '--fsize=20000',
    ]);
    if (running === null) throw new Error('the collector did not start');
    const sent: SentBeacons = { answered: [], refused: [], unheard: [] };
    // A file takes about 40 beacons: so many answers need several of them.
    const end = performance.now() + 30_000;
    const isEnough = (): boolean => sent.answered.length > 200 || performance.now() > end;
    await sendBeacons(running.port, 'limit', sent, isEnough);
    await running.kill();
    expect(sent.unheard).toEqual([]);
    expect(sent.refused.length).toBeGreaterThan(0);
    expect(readdirSync(folder.path).filter((name) => name.endsWith('.journal')).length).toBeGreaterThan(2);
    await expectContract(folder.path, sent);
  });
});

/** The same when what was read has been deleted since. */
const expectContractWith = async (
  journal: string,
  sent: SentBeacons,
  kept: ReadonlySet<string>,
): Promise<void> => {
  const seen = idsOf((await readAll(journal)).entries);
  expect(new Set(seen).size).toBe(seen.length);
  expect(sent.answered.filter((id) => !seen.includes(id) && !kept.has(id))).toEqual([]);
};
