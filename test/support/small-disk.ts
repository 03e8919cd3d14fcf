import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningRumbrella, startRumbrella } from './rumbrella.ts';

/** A whole server whose data folder is a small file system of its own. */
export interface ServerOnSmallDisk {
  readonly server: RunningRumbrella;
  /** Path of the data folder for the test, which is outside of the server's namespace. */
  readonly data: string;
  remove(): Promise<void>;
}

/**
 * Starts it. `mountOptions` as `mount -t tmpfs -o` takes them: `size=64m`, `nr_inodes=300`. The file system is in a namespace of its own and goes
 * with the process. `usersMap`: text of the users map.
 */
export const startOnSmallDisk = async (
  mountOptions: string,
  usersMap: string,
  env: Readonly<Record<string, string>>,
): Promise<ServerOnSmallDisk> => {
  const folder = mkdtempSync(join(tmpdir(), 'rumbrella-small-disk-'));
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  writeFileSync(join(folder, 'users-map.yaml'), usersMap);
  const script = 'mount -t tmpfs -o "$1" tmpfs "$2" && shift 2 && exec "$@"';
  const server = await startRumbrella({
    folder,
    through: [
      'unshare',
      '--user',
      '--map-root-user',
      '--mount',
      'sh',
      '-c',
      script,
      'sh',
      mountOptions,
      disk,
    ],
    env: { RUMBRELLA_DEMO: 'off', RUMBRELLA_DATA_DIR: join(disk, 'data'), ...env },
  });
  return {
    server,
    data: join('/proc', String(server.process.pid), 'root', disk, 'data'),
    remove: async () => {
      await server.end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
