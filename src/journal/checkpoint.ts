import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { errorCode, errorText, replaceFile } from '#core';

/** What was found when a checkpoint was loaded. `generation` counts the saves of this file, from 1. */
export type CheckpointFound<T> =
  | { readonly kind: 'found'; readonly value: T; readonly generation: number }
  | { readonly kind: 'missing' }
  | { readonly kind: 'corrupt'; readonly reason: string };

/** A small value that is replaced as a whole, durably. */
export interface Checkpoint<T> {
  load(): Promise<CheckpointFound<T>>;
  /** Resolves when the value would survive a power loss. Calls run one after the other. */
  save(value: T): Promise<void>;
}

/**
 * Opens the checkpoint in the file `path`: one line `rumbrella-checkpoint 1 <generation> <crc-32 of the rest, hex>`, then JSON.
 * `parse` checks what the JSON holds; what it throws makes the checkpoint corrupt.
 */
export const openCheckpoint = <T>(path: string, parse: (value: unknown) => T): Checkpoint<T> => {
  let generation = 0;
  let last: Promise<void> = Promise.resolve();

  const load = async (): Promise<CheckpointFound<T>> => {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return { kind: 'missing' };
      throw error;
    }
    const found = parseCheckpoint(text, parse);
    if (found.kind === 'found') generation = Math.max(generation, found.generation);
    return found;
  };

  const save = (value: T): Promise<void> => {
    const saving = last.then(async () => {
      const following = generation + 1;
      await replaceFile(path, checkpointText(following, value));
      generation = following;
    });
    last = saving.catch(() => undefined);
    return saving;
  };

  return { load, save };
};

const HEAD = /^rumbrella-checkpoint 1 (\d{1,15}) ([0-9a-f]{8})$/;

const checkpointText = (generation: number, value: unknown): string => {
  const json = `${JSON.stringify(value)}\n`;
  return `rumbrella-checkpoint 1 ${generation} ${checksum(json)}\n${json}`;
};

const parseCheckpoint = <T>(text: string, parse: (value: unknown) => T): CheckpointFound<T> => {
  const lineEnd = text.indexOf('\n');
  const head = HEAD.exec(text.slice(0, Math.max(0, lineEnd)));
  if (head === null) return { kind: 'corrupt', reason: 'the first line is not that of a checkpoint' };
  const json = text.slice(lineEnd + 1);
  if (checksum(json) !== head[2]) return { kind: 'corrupt', reason: 'the checksum does not match' };
  try {
    return { kind: 'found', value: parse(JSON.parse(json)), generation: Number(head[1]) };
  } catch (error) {
    return { kind: 'corrupt', reason: errorText(error) };
  }
};

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');
