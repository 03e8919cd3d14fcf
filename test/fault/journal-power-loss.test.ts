import { describe, expect, test } from 'vitest';
import type { SyncPolicy } from '#journal';
import { createForgetfulFiles, type Loss } from '../support/forgetful-files.ts';
import {
  appendTo,
  beaconOf,
  idsOf,
  openWriter,
  pretendWritersDied,
  readAll,
  temporaryFolder,
} from '../support/journal-folder.ts';

/** Appends groups, cuts the power after some of them, and returns what was answered and what is there afterwards. */
const cutPowerAfter = async (groups: number, sync: SyncPolicy, loss: Loss) => {
  const folder = temporaryFolder();
  try {
    const files = createForgetfulFiles();
    const writer = openWriter(folder.path, { files, sync, segmentBytes: 900 });
    const answered: string[] = [];
    for (let group = 0; group < groups; group++)
      await Promise.all(
        [0, 1].map(async (n) => {
          await appendTo(writer, beaconOf(`${group}-${n}`));
          answered.push(`${group}-${n}`);
        }),
      );
    // Written, and cut off before anybody was told.
    const unheard = appendTo(writer, beaconOf('unheard')).catch(() => undefined);
    files.losePower(folder.path, loss);
    pretendWritersDied(folder.path);
    const seen = idsOf((await readAll(folder.path)).entries);
    await unheard;
    await writer.stop();
    return { answered, seen, lost: answered.filter((id) => !seen.includes(id)) };
  } finally {
    folder.remove();
  }
};

describe('a power loss', () => {
  test.each(['gone', 'half', 'zeros'] as const)(
    'loses nothing that was answered, unsynced bytes %s',
    async (loss) => {
      for (let groups = 0; groups < 12; groups++) {
        const { answered, seen, lost } = await cutPowerAfter(groups, 'always', loss);
        expect(lost).toEqual([]);
        expect(new Set(seen).size).toBe(seen.length);
        expect(seen.filter((id) => !answered.includes(id) && id !== 'unheard')).toEqual([]);
      }
    },
  );

  test('loses beacons with the policy never: the test can see a loss', async () => {
    expect((await cutPowerAfter(8, 'never', 'gone')).lost).not.toEqual([]);
  });
});
