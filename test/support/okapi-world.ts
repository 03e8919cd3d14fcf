import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ModuleDescriptor } from '#gateway';
import { type AdminClient, createAdminClient } from './admin-client.ts';
import { type RunningRumbrella, startRumbrella } from './rumbrella.ts';
import { type SystemModule, startSystemModule, type SystemReply } from './system-module.ts';

/** A real server with a users map of its own, and what a test does to its modules. */
export interface OkapiWorld extends AdminClient {
  readonly server: RunningRumbrella;
  /** Adds a module without asking for its dependencies. */
  add(descriptor: ModuleDescriptor): Promise<void>;
  /** Adds a module that runs in the test's own process. */
  run(descriptor: ModuleDescriptor, reply?: SystemReply): Promise<SystemModule>;
  /** Adds a tenant without any module. */
  bareTenant(id: string): Promise<void>;
  /** Ids of the modules enabled for a tenant. */
  enabled(tenant: string): Promise<readonly string[]>;
  remove(): Promise<void>;
}

/** Starts the server. `env` comes before what a suite of the admin API needs. */
export const startOkapiWorld = async (
  usersMap: string,
  env: Readonly<Record<string, string>> = {},
): Promise<OkapiWorld> => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-okapi-'));
  await writeFile(join(folder, 'users-map.yaml'), usersMap);
  const server = await startRumbrella({ folder, env: { RUMBRELLA_DEMO: 'off', ...env } });
  const client = createAdminClient(server.url);
  const running: SystemModule[] = [];
  const add = async (descriptor: ModuleDescriptor): Promise<void> => {
    await client.must('POST', '/_/proxy/modules?check=false', descriptor);
  };
  return {
    ...client,
    server,
    add,
    run: async (descriptor, reply) => {
      const module = await startSystemModule(reply);
      running.push(module);
      await add(descriptor);
      await client.must('POST', '/_/discovery/modules', {
        srvcId: descriptor.id,
        instId: `${descriptor.id}-1`,
        url: module.url,
      });
      return module;
    },
    bareTenant: async (id) => {
      await client.must('POST', '/_/proxy/tenants', { id });
      await client.must('DELETE', `/_/proxy/tenants/${id}/modules`);
    },
    enabled: async (tenant) =>
      (await client.must('GET', `/_/proxy/tenants/${tenant}/modules`))
        .json<{ id: string }[]>()
        .map(({ id }) => id),
    remove: async () => {
      await Promise.all(running.map((module) => module.stop()));
      await server.remove();
    },
  };
};

/** A descriptor with interfaces that it provides and requires, `name: version`. */
export const aModule = (
  id: string,
  provides: Readonly<Record<string, string>> = {},
  requires: Readonly<Record<string, string>> = {},
): ModuleDescriptor => ({
  id,
  provides: Object.entries(provides).map(([name, version]) => ({ id: name, version })),
  requires: Object.entries(requires).map(([name, version]) => ({ id: name, version })),
});
