import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const CHILD = fileURLToPath(new URL('archive-full-disk-child.ts', import.meta.url));

test('a full disk undoes the round, keeps the hours of a day that cannot be closed, and is forgotten when it is over', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'archive-disk-'));
  try {
    // A file system of its own in a namespace of its own: it is gone with the process.
    const script = 'mount -t tmpfs -o size=2m tmpfs "$1" && exec "$2" "$3" "$1"';
    const { stdout } = await promisify(execFile)(
      'unshare',
      ['--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh', disk, process.execPath, CHILD],
      { timeout: 60_000 },
    );
    expect(JSON.parse(stdout)).toEqual({
      full: 'ENOSPC',
      afterFull: 200,
      freed: 'none',
      afterFreed: 400,
      whileFull: ['2026-11-2.closing'],
      afterClosing: ['2026-11-2-parts-meta.txt', '2026-11-2.json.lines.zst'],
    });
  } finally {
    await rm(disk, { recursive: true, force: true });
  }
});
