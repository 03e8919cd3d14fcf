import { cutUnfinished, type WentBack } from './go-back.ts';
import type { HourFiles } from './hour-files.ts';
import { inParallel } from './in-parallel.ts';
import { type ArchiveMark, ROUND } from './mark.ts';
import { createPile } from './pile.ts';
import { type Round, writeRounds } from './round-file.ts';

/** Writes rounds: how long the files are is on disk before the first byte is appended to them. */
export interface RoundWriter {
  /** Goes on after these rounds. */
  continueAfter(state: Pick<WentBack, 'rounds' | 'lastNumber' | 'sure'>): void;
  /** Adds a line to the round. True: many have come together, it is time to `flush`. */
  add(path: string, bytes: Uint8Array): boolean;
  /** Writes what was added. */
  flush(): Promise<void>;
  /** Writes and syncs what was added. The round stays open until `close`. */
  finish(): Promise<ArchiveMark>;
  /** The round is over; the paths that it wrote to. */
  close(): readonly string[];
  /** Cuts the files back to where they were before the round, and forgets its lines. */
  undo(): Promise<void>;
  /** Does the round write to a file of this day (`fashion_bg/2026-11-2`)? */
  touches(day: string): boolean;
  readonly number: number;
}

/** Lines are written out when so many bytes have come together. */
const PILE_BYTES = 8 * 1_048_576;

const PARALLEL_WRITES = 8;

/** Creates a writer; `continueAfter` comes first. */
export const createRoundWriter = (root: string, files: HourFiles): RoundWriter => {
  let rounds: readonly Round[] = [];
  let lastNumber = 0;
  /** After a restart that does not know what is archived, files may end with half a line. */
  let mayBeTorn = false;
  let before = new Map<string, number>();
  let isOpen = false;
  let pile = createPile(PILE_BYTES);

  /** Writes down how long the files are that will be written to now for the first time in this round. */
  const note = async (paths: readonly string[]): Promise<void> => {
    const fresh = paths.filter((path) => !before.has(path));
    if (isOpen && fresh.length === 0) return;
    await inParallel(fresh, PARALLEL_WRITES, async (path) => {
      if (mayBeTorn) await cutUnfinished(root, files, path);
      before.set(path, await files.lengthOf(path));
    });
    if (!isOpen) lastNumber += 1;
    isOpen = true;
    rounds = await writeRounds(root, [
      ...rounds.filter(({ number }) => number !== lastNumber),
      { number: lastNumber, before: Object.fromEntries(before) },
    ]);
  };

  const flush = async (): Promise<void> => {
    const parts = pile.parts();
    if (parts.length === 0) return;
    await note(parts.map(([path]) => path));
    await inParallel(parts, PARALLEL_WRITES, async ([path, bytes]) => {
      await files.append(path, bytes);
    });
    pile.clear();
  };

  return {
    continueAfter: (state) => {
      ({ rounds, lastNumber } = state);
      mayBeTorn = !state.sure;
    },
    add: (path, bytes) => pile.add(path, bytes),
    flush,
    finish: async () => {
      await flush();
      if (isOpen) await files.sync();
      const lengths: Record<string, number> = { [ROUND]: lastNumber };
      for (const path of before.keys()) lengths[path] = await files.lengthOf(path);
      return lengths;
    },
    close: () => {
      const paths = [...before.keys()];
      before = new Map();
      isOpen = false;
      return paths;
    },
    undo: async () => {
      pile = createPile(PILE_BYTES);
      for (const [path, length] of before) await files.cut(path, length);
      before = new Map();
      isOpen = false;
    },
    touches: (day) => {
      const isOfDay = (path: string): boolean => path.startsWith(`${day}/`);
      return [...before.keys()].some(isOfDay) || pile.paths().some(isOfDay);
    },
    get number() {
      return lastNumber;
    },
  };
};
