import { readFile } from 'node:fs/promises';
import { replaceFile } from '#core';

/**
 * How far the demo's past is. `filling`: `done` names the last day (since 1970, UTC) of each organization that is stored whole. `removed`
 * stays for ever, so that it does not come back.
 */
export interface HistoryState {
  readonly kind: 'filling' | 'filled' | 'removed';
  /** The past covers these instants, epoch ms. */
  readonly from: number;
  readonly to: number;
  readonly done: Readonly<Record<string, number>>;
}

/** Reads the state; null: nothing was begun, or the file cannot be understood (what is stored is then found and not stored again). */
export const readHistoryState = async (path: string): Promise<HistoryState | null> => {
  try {
    return parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return null;
  }
};

/** Writes the state, durably. */
export const writeHistoryState = (path: string, state: HistoryState): Promise<void> =>
  replaceFile(path, `${JSON.stringify(state)}\n`, 0o644);

const parse = (value: unknown): HistoryState | null => {
  if (typeof value !== 'object' || value === null) return null;
  const { kind, from, to, done } = value as Record<string, unknown>;
  if (kind !== 'filling' && kind !== 'filled' && kind !== 'removed') return null;
  if (typeof from !== 'number' || typeof to !== 'number') return null;
  const days = typeof done === 'object' && done !== null ? Object.entries(done) : [];
  return {
    kind,
    from,
    to,
    done: Object.fromEntries(days.filter((entry): entry is [string, number] => typeof entry[1] === 'number')),
  };
};
