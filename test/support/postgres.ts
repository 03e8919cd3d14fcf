import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, globSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from './poll.ts';

/** A real PostgreSQL of its own on a free port of loopback. */
export interface RunningPostgres {
  readonly url: string;
  /** Makes an empty database beside that of `url` and resolves to its URL. */
  database(name: string): Promise<string>;
  stop(): Promise<void>;
}

/** Starts PostgreSQL in a temporary folder. PostgreSQL refuses to run as root, so root hands over to the user `postgres`. */
export const startPostgres = async (): Promise<RunningPostgres> => {
  const programs = globSync('/usr/lib/postgresql/*/bin').toSorted().at(-1);
  const program = (name: string): string => (programs === undefined ? name : join(programs, name));
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-postgres-'));
  const user = unprivileged();
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const initialised = spawnSync(
    program('initdb'),
    ['-D', folder, '-U', 'rumbrella', '-A', 'trust', '-E', 'UTF8', '--no-sync'],
    { encoding: 'utf8', cwd: folder, ...user },
  );
  if (initialised.status !== 0)
    throw new Error(`initdb: ${initialised.stderr}${String(initialised.error ?? '')}`);
  const port = await freePort();
  const server = spawn(
    program('postgres'),
    ['-D', folder, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-k', folder, '-c', 'fsync=off'],
    { stdio: 'ignore', cwd: folder, ...user },
  );
  const ended = once(server, 'exit');
  await poll('PostgreSQL answers', () => {
    const { status } = spawnSync(program('pg_isready'), ['-h', '127.0.0.1', '-p', String(port)]);
    return status === 0;
  });
  return {
    url: `postgres://rumbrella@127.0.0.1:${port}/postgres`,
    database: async (name) => {
      const made = spawn(program('createdb'), [
        '-h',
        '127.0.0.1',
        '-p',
        String(port),
        '-U',
        'rumbrella',
        name,
      ]);
      const [code] = (await once(made, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`createdb ${name} ended with ${code}`);
      return `postgres://rumbrella@127.0.0.1:${port}/${name}`;
    },
    stop: async () => {
      server.kill('SIGINT');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
};

const unprivileged = (): { uid: number; gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined;
  const [, , uid, gid] = /^postgres:.*$/m.exec(readFileSync('/etc/passwd', 'utf8'))?.[0].split(':') ?? [];
  return { uid: Number(uid), gid: Number(gid) };
};

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
