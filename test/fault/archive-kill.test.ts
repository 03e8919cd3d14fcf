import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findSources, readDay } from '#archive';

const CHILD = fileURLToPath(new URL('archive-writer-child.ts', import.meta.url));
const TOTAL = 30_000;
const KILLS = Number(process.env['RUMBRELLA_FAULT_KILLS'] ?? 12);

let data: string;

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'archive-kill-'));
});

afterEach(async () => {
  await rm(data, { recursive: true, force: true });
});

/** Runs the writer; kills it after so many milliseconds. True: it came to its end. */
const run = async (killAfterMs: number | null): Promise<boolean> => {
  const child = spawn(process.execPath, [CHILD, data, String(TOTAL)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.on('data', (piece: Buffer) => {
    out += piece.toString();
  });
  const timer = killAfterMs === null ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfterMs);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the writer ended with ${code ?? signal}`);
  return out.includes('done');
};

describe('an archive whose writer is killed', () => {
  test('holds every beacon once, in its folder, whenever that happens', { timeout: 180_000 }, async () => {
    let ended = false;
    for (let kill = 0; kill < KILLS && !ended; kill += 1)
      ended = await run(150 + Math.floor(Math.random() * 500));
    if (!ended) expect(await run(null)).toBe(true);

    const found: number[] = [];
    const misplaced: number[] = [];
    const { days } = await findSources(join(data, 'archive'));
    for (const day of days)
      for await (const { beacons, bad } of readDay(day, {
        own: true,
        traceParameters: [],
        latestTime: Number.MAX_SAFE_INTEGER,
      })) {
        expect(bad).toEqual([]);
        for (const { offset, record } of beacons) {
          found.push(offset);
          if (record.destination !== day.folder) misplaced.push(offset);
        }
      }
    expect(found.toSorted((a, b) => a - b)).toEqual(Array.from({ length: TOTAL }, (_, place) => place));
    expect(misplaced).toEqual([]);
    expect(await readdir(join(data, 'archive/shop'))).toEqual([
      '2026-11-2-parts-meta.txt',
      '2026-11-2.json.lines.zst',
      '2026-11-3-parts-meta.txt',
      '2026-11-3.json.lines.zst',
    ]);
  });
});
