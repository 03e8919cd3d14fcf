import { describe, expect, test } from 'vitest';
import { type SentBeacons, sendBeacons, startCollectorProcess } from '../support/collector-process.ts';
import { idsOf, readAll, temporaryFolder } from '../support/journal-folder.ts';

/** Rounds of the random kills; the long form sets RUMBRELLA_FAULT_ROUNDS. */
const ROUNDS = Number(process.env['RUMBRELLA_FAULT_ROUNDS'] ?? 8);

const newSent = (): SentBeacons => ({ answered: [], refused: [], unheard: [] });

/** Every 204 is in the journal exactly once; nothing is in it that was never sent. */
const expectContract = async (folder: string, sent: SentBeacons): Promise<void> => {
  const seen = idsOf((await readAll(folder)).entries);
  const inJournal = new Set(seen);
  expect(inJournal.size).toBe(seen.length);
  expect(sent.answered.filter((id) => !inJournal.has(id))).toEqual([]);
  const known = new Set([...sent.answered, ...sent.refused, ...sent.unheard]);
  expect(seen.filter((id) => !known.has(id))).toEqual([]);
};

describe('a collector that is killed', () => {
  test(`has every answered beacon in the journal, ${ROUNDS} times at random moments`, async () => {
    const folder = temporaryFolder();
    const sent = newSent();
    try {
      for (let round = 0; round < ROUNDS; round++) {
        const running = await startCollectorProcess({ folder: folder.path, segmentBytes: 30_000 });
        if (running === null) throw new Error('the collector did not start');
        const sending = sendBeacons(running.port, `round${round}`, sent, () => false);
        await new Promise((resolve) => setTimeout(resolve, 20 + Math.random() * 150));
        await running.kill();
        await sending;
      }
      expect(sent.answered.length).toBeGreaterThan(ROUNDS * 10);
      await expectContract(folder.path, sent);
    } finally {
      folder.remove();
    }
  }, 600_000);

  test('keeps its word when it dies at any of its first calls to the disk', async () => {
    const folder = temporaryFolder();
    const sent = newSent();
    try {
      // The first calls open a segment, the later ones commit groups and begin another segment.
      // Dying before a call is dying after the one before it.
      for (let killAt = 1; killAt <= 14; killAt++) {
        const running = await startCollectorProcess({ folder: folder.path, segmentBytes: 2_000, killAt });
        if (running === null) continue;
        await sendBeacons(running.port, `kill${killAt}`, sent, () => false);
        await running.ended;
      }
      expect(sent.answered.length).toBeGreaterThan(0);
      await expectContract(folder.path, sent);
    } finally {
      folder.remove();
    }
  }, 300_000);
});
