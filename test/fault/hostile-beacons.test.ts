import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HostileBeacon, hostileBeacons } from '../fixtures/beacons/hostile.ts';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

// The corpus through a whole server: door, journal, loader, archive, table, replay. Each beacon has a mark in its query; the archive says at
// which position of the journal it stands, and so which row is its own.

const LAUNCHER = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));
const USERS_MAP = '- user: { prefix: shop, brum_trace: T1, expire: 2099-01-01 }\n';

let server: RunningRumbrella;
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rumbrella-hostile-'));
  writeFileSync(join(folder, 'users-map.yaml'), USERS_MAP);
  server = await startRumbrella({ folder, env: { RUMBRELLA_DEMO: 'off' } });
});
afterAll(() => server.remove());

/** Sends a beacon as bytes, since no client would write such requests; resolves with the status, 0: none. */
const send = ({ raw, query = '', headers = [] }: HostileBeacon, mark: string): Promise<number> =>
  new Promise((resolve) => {
    const body = Buffer.from(raw as string);
    const lines = [
      `POST /beacon/catcher?brum_trace=T1&mark=${mark}${query === '' ? '' : `&${query}`} HTTP/1.1`,
      'Host: localhost',
      'Connection: close',
      `Content-Length: ${body.length}`,
      ...headers.map(([name, value]) => `${name}: ${value}`),
    ];
    let answer = '';
    const socket = connect(Number(new URL(server.url).port), 'localhost', () => {
      socket.write(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'));
      socket.write(body);
    });
    socket.on('data', (piece: Buffer) => {
      answer += piece.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0)));
  });

/** Position in the journal of each mark in the archive, in the order of its lines. */
const archived = (): readonly (readonly [mark: string, position: string])[] =>
  globSync('data/archive/shop/**/*.json.lines', { cwd: server.folder })
    .flatMap((path) => readFileSync(join(server.folder, path), 'utf8').split('\n').slice(0, -1))
    .map((line) => {
      const { mark, rumbrella } = JSON.parse(line) as { mark: string; rumbrella: string };
      const { segment, offset } = JSON.parse(rumbrella) as { segment: string; offset: number };
      return [mark, `${segment}:${offset}`] as const;
    });

const storedPositions = async (): Promise<readonly string[]> => {
  const rows = await server.sql<{ position: string }>(
    "SELECT concat(lower(leftPad(hex(journal_segment), 16, '0')), ':', toString(journal_offset)) AS position FROM shop_webperf_rum_events ORDER BY position",
  );
  return rows.map(({ position }) => position);
};

/** One figure that is another one when any value of any row is. */
const fingerprint = async (): Promise<string> => {
  const [row] = await server.sql<{ sum: string }>(
    'SELECT toString(sum(cityHash64(toString(tuple(* EXCEPT (batch_id)))))) AS sum FROM shop_webperf_rum_events',
  );
  return row?.sum ?? '';
};

const replay = async (): Promise<unknown> => {
  const child = spawn(process.execPath, [LAUNCHER, 'replay', '--folder', 'shop', '--json'], {
    cwd: server.folder,
    env: { PATH: process.env['PATH'] ?? '', HOME: server.folder, RUMBRELLA_DEMO: 'off' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (piece: Buffer) => {
    text += piece.toString();
  });
  await once(child, 'exit');
  return JSON.parse(text);
};

describe('hostile beacons', () => {
  test('are refused at the door, or are in the archive and in the table, each once, and a replay adds nothing', async () => {
    const answered = new Set<string>();
    let next = 0;
    const statuses = new Map<number, number>();
    const sendSome = async (): Promise<void> => {
      for (let index = next++; index < hostileBeacons.length; index = next++) {
        const status = await send(hostileBeacons[index] ?? expect.fail('no beacon'), `h${index}`);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        if (status === 204) answered.add(`h${index}`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, sendSome));
    // Too long, too many parameters, no HTTP. Nobody was left without an answer, and nothing was a mistake of ours.
    expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([204, 400, 413]);
    expect(statuses.get(204)).toBeGreaterThan(hostileBeacons.length * 0.9);

    const wanted = answered.size;
    await poll('all of them are archived', () => archived().length >= wanted, 60_000);
    const lines = archived();
    expect(lines).toHaveLength(wanted);
    expect(new Set(lines.map(([mark]) => mark))).toEqual(answered);
    const positions = lines.map(([, position]) => position).toSorted();
    await poll('all of them are rows', async () => (await storedPositions()).length >= wanted, 60_000);
    expect(await storedPositions()).toEqual(positions);
    expect(globSync('data/quarantine/**/*.json.lines', { cwd: server.folder })).toEqual([]);

    expect(await replay()).toMatchObject({
      tenants: { shop: { inserted: 0, existing: wanted } },
      badLines: 0,
    });
    const rows = await fingerprint();
    expect(server.log.filter(({ level }) => level === 'error')).toEqual([]);

    // All tables are lost: the archive alone brings the same rows back.
    await server.end();
    rmSync(join(server.folder, 'data/engine'), { recursive: true });
    server = await startRumbrella({ folder: server.folder, env: { RUMBRELLA_DEMO: 'off' } });
    expect(await replay()).toMatchObject({
      tenants: { shop: { inserted: wanted, existing: 0, quarantined: 0 } },
    });
    expect(await storedPositions()).toEqual(positions);
    expect(await fingerprint()).toBe(rows);
    expect(server.process.exitCode).toBeNull();
  });
});
