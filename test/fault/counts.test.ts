import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

const USERS_MAP = `- user: { prefix: shop, brum_trace: T1, expire: 2099-01-01 }
- user: { prefix: news, brum_trace: T2, expire: 2099-01-01, hostnames: [news.example], only_hostnames: true }
`;

/** Sum of a metric over the lines that have these labels. */
const sumOf = (metrics: string, name: string, label: string): number =>
  metrics
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) && line.includes(label))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);

const countsOf = async ({ url }: RunningRumbrella, destination: string) => {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const folder = `folder="${destination}"`;
  const tenant = `tenant="${destination}"`;
  return {
    read: sumOf(metrics, 'rumbrella_loader_beacons_read_total', folder),
    stored: sumOf(metrics, 'rumbrella_beacons_stored_total', tenant),
    archivedOnly: sumOf(metrics, 'rumbrella_beacons_archived_only_total', folder),
    refused: sumOf(metrics, 'rumbrella_loader_refused_total', tenant),
    quarantined: sumOf(metrics, 'rumbrella_beacons_quarantined_total', tenant),
    pending: sumOf(metrics, 'rumbrella_loader_pending_beacons', tenant),
  };
};

test('the counters of what became of beacons are true after kills and restarts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rumbrella-counts-'));
  writeFileSync(join(folder, 'users-map.yaml'), USERS_MAP);
  const start = (): Promise<RunningRumbrella> => startRumbrella({ folder, env: { RUMBRELLA_DEMO: 'off' } });
  let server = await start();
  const answered = { shop: 0, news: 0, unknown: 0 };
  const send = async (trace: string, to: keyof typeof answered, count: number): Promise<void> => {
    for (let sent = 0; sent < count; sent++) {
      const body = new URLSearchParams({
        brum_trace: trace,
        u: `https://${to}.example.org/`,
        pid: `p${sent}`,
      });
      const { status } = await fetch(`${server.url}/beacon/catcher`, { method: 'POST', body });
      if (status === 204) answered[to]++;
    }
  };
  const isRead = (): Promise<true> =>
    poll('all are read', async () => {
      const counts = await Promise.all(Object.keys(answered).map((one) => countsOf(server, one)));
      return counts.every(({ read }, index) => read >= (Object.values(answered)[index] ?? 0));
    });
  try {
    for (let life = 0; life < 3; life++) {
      await Promise.all([send('T1', 'shop', 60), send('T2', 'news', 30), send('nobody', 'unknown', 20)]);
      // Once in the middle of its work, once when all is done.
      if (life === 1) await isRead();
      await server.end('SIGKILL');
      server = await start();
    }
    await isRead();
    const none = { stored: 0, archivedOnly: 0, refused: 0, quarantined: 0, pending: 0 };
    expect(await countsOf(server, 'shop')).toEqual({ ...none, read: 180, stored: 180 });
    // Its beacons are of another site than its own.
    expect(await countsOf(server, 'news')).toEqual({ ...none, read: 90, refused: 90 });
    expect(await countsOf(server, 'unknown')).toEqual({ ...none, read: 60, archivedOnly: 60 });
    expect(answered).toEqual({ shop: 180, news: 90, unknown: 60 });
  } finally {
    await server.end();
    rmSync(folder, { recursive: true, force: true });
  }
});
