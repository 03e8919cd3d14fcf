import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StoredAnnotation } from '#modules';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

const LAUNCHER = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));
const SHOP = '- user: { prefix: shop, brum_trace: T1, expire: 2099-01-01 }\n';
const BLOG = '- user: { prefix: blog, brum_trace: T2, expire: 2099-01-01 }\n';

let server: RunningRumbrella;

beforeAll(async () => {
  server = await startRumbrella({ env: { RUMBRELLA_DEMO: 'off' } });
});

afterAll(async () => {
  await server.remove();
});

const command = (
  ...words: readonly string[]
): { readonly child: ChildProcess; readonly ended: Promise<[number, string]> } => {
  const child = spawn(process.execPath, [LAUNCHER, 'replay', ...words], {
    cwd: server.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: server.folder, RUMBRELLA_DEMO: 'off' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (piece: Buffer) => {
      text += piece.toString();
    });
  return { child, ended: once(child, 'exit').then(([code]) => [Number(code), text]) };
};

const setMap = async (...users: readonly string[]): Promise<void> =>
  writeFile(join(server.folder, 'users-map.yaml'), users.join(''));

const notesOf = (tenant: string): readonly StoredAnnotation[] => {
  const database = new DatabaseSync(join(server.folder, 'data/control.sqlite'), { readOnly: true });
  const rows = database.prepare('SELECT doc FROM annotations WHERE tenant = ?').all(tenant);
  database.close();
  return rows.map(({ doc }) => JSON.parse(String(doc)) as StoredAnnotation);
};

const count = async (): Promise<number> => {
  const [row] = await server.sql<{ n: string }>(
    'SELECT count() AS n FROM (SELECT DISTINCT journal_segment, journal_offset FROM blog_webperf_rum_events)',
  );
  return Number(row?.n);
};

describe('rumbrella replay beside a running server', () => {
  test('brings unknown beacons to an organization that was added, and goes on after Ctrl-C', {
    timeout: 180_000,
  }, async () => {
    await setMap(SHOP);
    const lines = Array.from({ length: 3_000 }, (_, n) => n);
    for (let start = 0; start < lines.length; start += 100)
      await Promise.all(
        lines.slice(start, start + 100).map(async (n) => {
          const answer = await fetch(`${server.url}/beacon/catcher?brum_trace=T2`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: `u=https%3A%2F%2Fblog.example%2F&pid=p${n}&n=1&t_done=${n}`,
          });
          expect(answer.status).toBe(204);
        }),
      );
    const archive = join(server.folder, 'data/archive/unknown');
    await poll('the beacons to be archived', async () => (await readdir(archive).catch(() => [])).length > 0);
    await setMap(SHOP, BLOG);

    await poll(
      'all beacons to be in the archive',
      async () => {
        const [code, text] = await command('--folder', 'unknown', '--dry-run', '--json').ended;
        return code === 0 && text.includes('"inserted": 3000');
      },
      60_000,
    );

    const slow = command('--folder', 'unknown', '--tenant', 'blog', '--rate', '500');
    await poll('the first batch to be inserted', async () => {
      const tables = await server.sql(
        "SELECT name FROM system.tables WHERE name = 'blog_webperf_rum_events'",
      );
      return tables.length > 0 && (await count()) >= 1_000;
    });
    expect(await command('--folder', 'unknown').ended).toEqual([
      1,
      expect.stringContaining('only one replay'),
    ]);
    slow.child.kill('SIGINT');
    const [code, text] = await slow.ended;
    expect(text).toContain('The same command goes on from here');
    expect(code).toBe(1);
    expect(await count()).toBeLessThan(3_000);

    expect((await command('--folder', 'unknown', '--tenant', 'blog').ended)[0]).toBe(0);
    expect(await count()).toBe(3_000);
    const [row] = await server.sql<{ n: string }>('SELECT count() AS n FROM blog_webperf_rum_events');
    expect(Number(row?.n)).toBe(3_000);
    const [, again] = await command('--folder', 'unknown', '--tenant', 'blog', '--json').ended;
    expect(JSON.parse(again)).toMatchObject({ tenants: { blog: { inserted: 0, existing: 3_000 } } });

    // The charts of the organization say so, once for what each of the two added, and nobody else's do.
    const notes = notesOf('blog');
    expect(notes.map(({ scope, author }) => [scope, author])).toEqual([
      ['system', null],
      ['system', null],
    ]);
    const added = notes.map(({ title }) => Number(/^Replay: (\d+) beacons more$/.exec(title)?.[1]));
    expect(added.reduce((sum, number) => sum + number, 0)).toBe(3_000);
    expect(notes.filter(({ content }) => content?.includes('stopped before its end'))).toHaveLength(1);
    expect(notesOf('shop')).toEqual([]);
  });

  test('says what is wrong and ends with code 1', async () => {
    const [code, text] = await command('--as', 'nobody').ended;
    expect([code, text]).toEqual([1, expect.stringContaining('rumbrella tenants add nobody')]);
    expect(await command('--since', 'yesterday').ended).toEqual([1, expect.stringContaining('2027-01-31')]);
  });
});
