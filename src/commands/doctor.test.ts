import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '#config';
import { selfSigned } from '../../test/support/self-signed.ts';
import { addDoctorCommand } from './doctor.ts';
import { judgeRoom } from './doctor/machine.ts';

const DAY_MS = 86_400_000;
const MIB = 1024 ** 2;

let folder: string;
let server: Server | null = null;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-doctor-'));
  await writeFile(
    join(folder, 'users-map.yaml'),
    '- user: { prefix: shop, brum_trace: t, expire: 2099-01-01 }\n',
  );
});

afterEach(async () => {
  server?.close();
  server = null;
  await rm(folder, { recursive: true, force: true });
});

interface Verdict {
  readonly text: string;
  readonly failed: boolean;
}

/** Runs `rumbrella doctor` on the folder, with further settings. */
const examine = async (
  overrides: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<Verdict> => {
  let text = '';
  let failed = false;
  const program = new Command('rumbrella').exitOverride();
  addDoctorCommand(program, {
    config: () =>
      loadConfig({
        overrides: {
          data_dir: join(folder, 'data'),
          users_map: join(folder, 'users-map.yaml'),
          port: 0,
          ...overrides,
        },
      }),
    env,
    out: (part) => {
      text += part;
    },
    now: () => Date.now(),
    fail: () => {
      failed = true;
    },
  });
  await program.parseAsync(['doctor'], { from: 'user' });
  return { text, failed };
};

const lineOf = ({ text }: Verdict, what: string): string =>
  text.split('\n').find((line) => line.includes(what)) ?? '';

describe('rumbrella doctor', () => {
  it('finds nothing wrong with a fresh set-up and says how to start it', async () => {
    const verdict = await examine();
    expect(verdict.failed).toBe(false);
    expect(verdict.text).toContain('ready to start: rumbrella serve');
    expect(lineOf(verdict, 'users map')).toContain('1 tenants (0 expired)');
    expect(lineOf(verdict, 'disk')).toContain('a durable write takes');
    expect(lineOf(verdict, 'warehouse')).toContain('embedded ClickHouse');
    expect(lineOf(verdict, 'control database')).toContain('SQLite');
  });

  it('names the line of a users map that is not valid, and counts what is to repair', async () => {
    await writeFile(join(folder, 'users-map.yaml'), '- user: { prefix: Shop, expire: 2099-01-01 }\n');
    const verdict = await examine();
    expect(verdict.failed).toBe(true);
    expect(lineOf(verdict, 'users map')).toMatch(/✗ bad .*1/);
    expect(verdict.text).toContain('1 to repair before a start');
  });

  it('notes relations without an end or without a ceiling', async () => {
    await writeFile(
      join(folder, 'users-map.yaml'),
      '- user: { prefix: shop }\n- user: { prefix: news }\n- relation: { tenant: shop, executes_as: [news], modules: [notes] }\n',
    );
    const verdict = await examine();
    expect(verdict.failed).toBe(false);
    expect(lineOf(verdict, 'users map')).toMatch(/! note .*line 3.*no expire.*2 such warnings/);
  });

  it('says that a data folder can be entered by others', async () => {
    await examine();
    await chmod(join(folder, 'data'), 0o755);
    const verdict = await examine();
    expect(lineOf(verdict, 'data folder')).toContain('! note');
    expect(verdict.text).toContain(`chmod 700 ${join(folder, 'data')}`);
  });

  it('notes that more connections are configured than the system allows open files', async () => {
    const verdict = await examine({ 'collector.max_connections': 2 ** 40 });
    expect(lineOf(verdict, 'open files')).toMatch(/! note .*connections/);
    expect(verdict.text).toContain('ulimit -n');
    expect(verdict.failed).toBe(false);
  });

  it('says how many beacons are taken from whom, and notes where there is no bound', async () => {
    const usual = lineOf(await examine(), 'quotas');
    expect(usual).toContain('10000 of one organization, 5000 from one network, 500 of no organization');
    expect(usual).toMatch(/✓ ok .*collector\.trusted_proxies/);
    const proxied = await examine({ 'collector.trusted_proxies': ['10.0.0.0/8'] });
    expect(lineOf(proxied, 'quotas')).not.toContain('trusted_proxies');
    const open = await examine({ 'collector.tenant_beacons_per_second': 0 });
    expect(lineOf(open, 'quotas')).toMatch(/! note .*any number of one organization/);
    expect(open.text).toContain('collector.tenant_beacons_per_second');
    expect(open.failed).toBe(false);
  });

  it('calls a disk bad as soon as the journal refuses beacons on it, and not before', async () => {
    const full = await examine({ 'journal.reserve_bytes': Number.MAX_SAFE_INTEGER });
    expect([full.failed, lineOf(full, 'disk')]).toEqual([true, expect.stringContaining('✗ bad')]);
    expect(full.text).toContain('journal.reserve_bytes');
    const unreserved = await examine({ 'journal.reserve_bytes': 1 });
    expect([unreserved.failed, lineOf(unreserved, 'disk')]).toEqual([
      false,
      expect.not.stringContaining('bad'),
    ]);
  });

  it.each<[string, number, number, 'auto' | number, string | undefined]>([
    ['800 MiB of 10 GiB, of which 512 MiB are kept', 800, 10_240, 'auto', 'note'],
    ['500 MiB of 10 GiB', 500, 10_240, 'auto', 'bad'],
    ['1.2 GiB of 10 GiB', 1_229, 10_240, 'auto', undefined],
    ['1.5 GiB of a TiB, of which 1 GiB is kept', 1_536, 1_048_576, 'auto', 'note'],
    ['1,000 MiB of a TiB', 1_000, 1_048_576, 'auto', 'bad'],
    ['300 MiB with a reserve of 100 MiB', 300, 1_048_576, 100 * MIB, undefined],
    ['1 MiB without a reserve', 1, 10_240, 0, 'note'],
    ['nothing without a reserve', 0, 10_240, 0, 'bad'],
  ])('judges %s as journal and loader do', (_, free, total, reserve, state) => {
    expect(judgeRoom(free * MIB, total * MIB, reserve)?.state).toBe(state);
  });

  it('knows a port that something else answers on', async () => {
    server = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server?.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const verdict = await examine({ port });
    expect(verdict.failed).toBe(true);
    expect(lineOf(verdict, 'port')).toContain(`something else answers on ${port}`);
  });

  it('says that a ClickHouse or a PostgreSQL does not answer, with what waits for it', async () => {
    const verdict = await examine({
      'clickhouse.url': 'http://127.0.0.1:1',
      'database.url': 'postgres://nobody@127.0.0.1:1/none',
    });
    expect(verdict.failed).toBe(true);
    expect(verdict.text).toContain('beacons are kept in the journal until it answers');
    expect(lineOf(verdict, 'control database')).toContain('✗ bad');
  });

  it('compares the certificate with its key and with the calendar', async () => {
    const [first, second, old] = await Promise.all([
      selfSigned('rum.example', 90 * DAY_MS),
      selfSigned('rum.example', 90 * DAY_MS),
      selfSigned('rum.example', -DAY_MS),
    ]);
    const cert = join(folder, 'cert.pem');
    const key = join(folder, 'key.pem');
    const withTls = { 'tls.mode': 'file', 'tls.cert_file': cert, 'tls.key_file': key };
    await writeFile(cert, first.certificate);
    await writeFile(key, first.key);
    expect(lineOf(await examine(withTls), 'certificate')).toContain('✓ ok');
    await writeFile(key, second.key);
    expect(lineOf(await examine(withTls), 'certificate')).toContain('is not the key of');
    await writeFile(cert, old.certificate);
    await writeFile(key, old.key);
    expect((await examine(withTls)).text).toContain('it is no longer valid');
  });

  it("names Basic RUM's variables that have no effect", async () => {
    const verdict = await examine({}, { BRUM_BACKUP_DIRECTORY: '/backup' });
    expect(lineOf(verdict, 'BRUM_BACKUP_DIRECTORY')).toContain('! note');
    expect(verdict.failed).toBe(false);
  });

  it('reports a configuration that is not valid as a finding', async () => {
    const verdict = await examine({ 'journal.sync': 'sometimes' });
    expect(verdict.failed).toBe(true);
    expect(lineOf(verdict, 'configuration')).toContain('✗ bad');
    expect(verdict.text).toContain('journal.sync');
  });
});
