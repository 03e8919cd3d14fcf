import { describe, expect, test } from 'vitest';
import { createManualClock } from '#core';
import type { JournalFiles, SyncPolicy } from '#journal';
import { createFailingFiles, type FailingFiles, FAULTS, type Fault } from '../support/failing-files.ts';
import {
  appendTo,
  beaconOf,
  idsOf,
  openWriter,
  pretendWritersDied,
  readAll,
  temporaryFolder,
} from '../support/journal-folder.ts';

/**
 * Every call that the writer makes to the disk fails once, in every way: the loop raises the number of the call until none is
 * left. After each run: whatever was answered is in the journal exactly once, and the writer works again by itself (or, when
 * the process was killed, the next one does).
 */

/** A crowd: most of it is synced while the rest comes in, on a fast disk. */
type Disk = 'fast' | 'slow' | 'crowd';
const CROWD = 24;

interface Outcome {
  readonly answered: readonly string[];
  readonly refused: readonly string[];
  /** Syncs beside the event loop. */
  readonly beside: number;
  /** Appends work again, without anybody's help. */
  readonly recovered: boolean;
  readonly mode: 'inline' | 'pool';
  readonly fired: boolean;
  readonly isDead: boolean;
}

/** Groups of beacons through several segments, with a pause in which the writer may recover. */
const scenario = async (
  folder: string,
  files: FailingFiles,
  sync: SyncPolicy,
  disk: Disk,
): Promise<Outcome> => {
  const clock = createManualClock(Date.UTC(2026, 5, 1));
  let beside = 0;
  const counted: JournalFiles = {
    ...files,
    datasyncLater: async (file) => {
      beside += 1;
      await files.datasyncLater(file);
    },
  };
  // A sync that takes long makes the writer leave the event loop.
  const slow: JournalFiles = {
    ...files,
    datasync: (file) => {
      clock.advance(50);
      files.datasync(file);
    },
    datasyncLater: async (file) => {
      await files.datasyncLater(file);
      clock.advance(50);
    },
  };
  const writer = openWriter(folder, {
    files: disk === 'slow' ? slow : counted,
    sync,
    clock,
    segmentBytes: 1_200,
  });
  const answered: string[] = [];
  const refused: string[] = [];
  const appendGroup = async (group: string): Promise<void> => {
    await Promise.all(
      Array.from({ length: disk === 'crowd' ? CROWD : 3 }, async (_, n) => {
        const id = `${group}-${n}`;
        try {
          await appendTo(writer, beaconOf(id, 100));
          // A dead process answers nobody.
          if (!files.isDead()) answered.push(id);
        } catch {
          refused.push(id);
        }
      }),
    );
  };
  const groups: Promise<void>[] = [];
  for (let group = 0; group < 6; group++) {
    groups.push(appendGroup(`group-${group}`));
    // On the slow disk, and in a crowd, groups come while the sync of the one before is running.
    if (disk !== 'fast' && group > 0) await new Promise((resolve) => setImmediate(resolve));
    else await groups.at(-1);
  }
  await Promise.all(groups);
  const { mode } = writer.stats();
  let recovered = false;
  for (let tries = 0; tries < 10 && !recovered && !files.isDead(); tries++) {
    clock.advance(2_000);
    await appendGroup(`late-${tries}`);
    recovered = answered.includes(`late-${tries}-2`);
  }
  await writer.stop();
  return { answered, refused, beside, recovered, mode, fired: files.fired(), isDead: files.isDead() };
};

const expectContract = async (folder: string, outcome: Outcome, what: string): Promise<void> => {
  pretendWritersDied(folder);
  const seen = idsOf((await readAll(folder)).entries);
  expect(new Set(seen).size, `${what}: an id twice`).toBe(seen.length);
  expect(
    outcome.answered.filter((id) => !seen.includes(id)),
    `${what}: answered and lost`,
  ).toEqual([]);
  const known = new Set([...outcome.answered, ...outcome.refused]);
  expect(
    seen.filter((id) => !known.has(id) && !outcome.isDead),
    `${what}: never appended`,
  ).toEqual([]);
};

const expectNextProcessWorks = async (
  folder: string,
  answered: readonly string[],
  what: string,
): Promise<void> => {
  const writer = openWriter(folder);
  await appendTo(writer, beaconOf('next-process'));
  await writer.stop();
  const seen = idsOf((await readAll(folder)).entries);
  expect(seen.at(-1), what).toBe('next-process');
  expect(
    answered.filter((id) => !seen.includes(id)),
    what,
  ).toEqual([]);
};

/** Runs the scenario with the fault at the first call, the second, …, until it does not happen any more. */
const sweep = async (fault: Fault, sync: SyncPolicy, times: number, disk: Disk = 'fast'): Promise<number> => {
  let missed = 0;
  let points = 0;
  for (let at = 1; missed < 30; at++) {
    const folder = temporaryFolder();
    try {
      const what = `${fault} at call ${at}`;
      const outcome = await scenario(folder.path, createFailingFiles(at, fault, times), sync, disk);
      await expectContract(folder.path, outcome, what);
      if (outcome.fired) points += 1;
      // `short` happens only at writes: calls between two of them are no end.
      missed = outcome.fired ? 0 : missed + 1;
      expect(outcome.recovered || outcome.isDead, `${what}: recovered`).toBe(true);
      await expectNextProcessWorks(folder.path, outcome.answered, what);
    } finally {
      folder.remove();
    }
  }
  return points;
};

describe('a journal writer whose disk fails', () => {
  test.each(FAULTS)('keeps its word with %s at every call', async (fault) => {
    const points = await sweep(fault, 'always', 1);
    expect(points).toBeGreaterThan(fault === 'short' ? 6 : 30);
  });

  test.each(['EIO', 'ENOSPC'] as const)('keeps its word with %s at five calls in a row', async (fault) => {
    expect(await sweep(fault, 'always', 5)).toBeGreaterThan(30);
  });

  test.each(['EIO', 'short', 'kill-after'] as const)(
    'keeps its word with %s at every call when the sync runs beside the event loop',
    async (fault) => {
      expect(await sweep(fault, 'always', 1, 'slow')).toBeGreaterThan(fault === 'short' ? 6 : 20);
      const folder = temporaryFolder();
      const { mode } = await scenario(folder.path, createFailingFiles(0, fault), 'always', 'slow');
      folder.remove();
      expect(mode).toBe('pool');
    },
  );

  test.each(['EIO', 'short', 'kill-before', 'kill-after'] as const)(
    'keeps its word with %s at every call while most of a crowd is synced and the rest comes in',
    async (fault) => {
      expect(await sweep(fault, 'always', 1, 'crowd')).toBeGreaterThan(fault === 'short' ? 6 : 20);
      const folder = temporaryFolder();
      const { mode, beside } = await scenario(folder.path, createFailingFiles(0, fault), 'always', 'crowd');
      folder.remove();
      expect({ mode, isBeside: beside > 2 }).toEqual({ mode: 'inline', isBeside: true });
    },
  );

  test.each(['interval', 'never'] as const)(
    'recovers from every error also with the policy %s',
    async (sync) => {
      expect(await sweep('ENOSPC', sync, 1)).toBeGreaterThan(20);
    },
  );

  test('stays closed while the disk stays full, and opens by itself without a single append', async () => {
    const folder = temporaryFolder();
    try {
      const clock = createManualClock(0);
      const files = createFailingFiles(1, 'ENOSPC', 40);
      const writer = openWriter(folder.path, { files, clock });
      await expect(appendTo(writer, beaconOf('a'))).rejects.toMatchObject({
        code: 'JOURNAL_UNAVAILABLE',
        status: 503,
      });
      expect(writer.stats().trouble).toContain('ENOSPC');
      for (let second = 0; second < 60 && writer.stats().trouble !== null; second++) {
        clock.advance(1_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(writer.stats().trouble).toBeNull();
      await appendTo(writer, beaconOf('b'));
      await writer.stop();
      expect(idsOf((await readAll(folder.path)).entries)).toEqual(['b']);
    } finally {
      folder.remove();
    }
  });

  test('leaves no litter while the disk refuses', async () => {
    const folder = temporaryFolder();
    try {
      const clock = createManualClock(0);
      const files = createFailingFiles(Number.MAX_SAFE_INTEGER, 'EIO');
      const broken: JournalFiles = {
        ...files,
        datasync: () => {
          throw Object.assign(new Error('EIO: injected'), { code: 'EIO' });
        },
      };
      const writer = openWriter(folder.path, { files: broken, clock });
      for (let n = 0; n < 50; n++) {
        await expect(appendTo(writer, beaconOf(String(n)))).rejects.toThrow();
        clock.advance(1_500);
      }
      await writer.stop();
      expect(files.list(folder.path)).toEqual([]);
    } finally {
      folder.remove();
    }
  });

  test('goes on in a new segment when somebody deletes the one it writes', async () => {
    const folder = temporaryFolder();
    try {
      const clock = createManualClock(0);
      const files = createFailingFiles(Number.MAX_SAFE_INTEGER, 'EIO');
      const writer = openWriter(folder.path, { clock });
      const { segment } = await appendTo(writer, beaconOf('gone'));
      files.remove(`${folder.path}/${segment}.journal`);
      clock.advance(1_000);
      const after = await appendTo(writer, beaconOf('kept'));
      await writer.stop();
      expect(after.segment).not.toBe(segment);
      expect(idsOf((await readAll(folder.path)).entries)).toEqual(['kept']);
    } finally {
      folder.remove();
    }
  });
});
