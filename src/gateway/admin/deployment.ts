import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { AppError, type Clock, type Log, type Running } from '#core';
import { bad, shown } from './answers.ts';
import { secretVariable } from './instance-secrets.ts';
import type { Discovery } from './store-world.ts';

/** How a descriptor says that its module is started. Only `exec` (with `%p` for the port) and `env` are read. */
type LaunchDescriptor = Readonly<Record<string, unknown>>;

/** Starts modules as processes of this machine, where the configuration allows it. */
export interface Deployment extends Running {
  /** The process finds `secret` in its environment. Errors: `GATEWAY_EXEC_FORBIDDEN` (403), `GATEWAY_DEPLOY_FAILED` (400). */
  start(srvcId: string, launch: LaunchDescriptor, instId: string, secret?: string): Promise<Discovery>;
  /** Ends the process, if it is one of ours; without an id all of them. */
  stop(instId?: string): Promise<void>;
  running(): readonly Discovery[];
  node(): { readonly nodeId: string; readonly url: string };
  isNode(id: string): boolean;
}

/** How modules are started. */
export interface DeploymentOptions {
  readonly allowExec: boolean;
  /** Name of this machine, by which the others that share its control database reach it. */
  readonly nodeId: string;
  /** Variables for every module, read at each start. */
  readonly env: () => Promise<readonly { readonly name: string; readonly value: string }[]>;
  /** Told when a process has ended that was not asked to. */
  readonly onExit: (instId: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const WAITS = 300;
const WAIT_MS = 100;
const STOP_MS = 5_000;

/** Creates the deployment of this node. Whoever may use it may run commands on the machine: `allowExec` is off by default. */
export const createDeployment = (options: DeploymentOptions): Deployment => {
  const { allowExec, nodeId, env, onExit, clock, log } = options;
  const processes = new Map<string, { readonly discovery: Discovery; readonly child: ChildProcess }>();

  const end = async (instId: string): Promise<void> => {
    const found = processes.get(instId);
    if (found === undefined) return;
    processes.delete(instId);
    if (found.child.exitCode !== null || found.child.signalCode !== null) return;
    const ended = once(found.child, 'exit');
    found.child.kill('SIGTERM');
    await Promise.race([ended, clock.sleep(STOP_MS)]);
    found.child.kill('SIGKILL');
  };

  return {
    start: async (srvcId, launch, instId, secret) => {
      if (!allowExec) {
        throw new AppError(
          'GATEWAY_EXEC_FORBIDDEN',
          `starting ${shown(srvcId)}: launching processes is switched off`,
          {
            status: 403,
            hint: 'gateway.allow_exec switches it on; whoever has the operator token may then run commands on this machine',
          },
        );
      }
      const command = launch['exec'];
      if (typeof command !== 'string')
        throw bad(`Module ${shown(srvcId)} has no exec in its launchDescriptor`);
      if (!command.includes('%p')) throw bad('Can not deploy: No %p in the exec line');
      const port = await freePort();
      const [program = '', ...args] = command
        .replaceAll('%p', String(port))
        .split(' ')
        .filter((part) => part !== '');
      const variables = [...(await env()), ...variablesOf(launch)].map(({ name, value }) => [name, value]);
      const child = spawn(program, args, {
        stdio: 'ignore',
        env: {
          PATH: process.env['PATH'],
          ...Object.fromEntries(variables),
          ...(secret !== undefined && { [secretVariable]: secret }),
        },
      });
      const failed = once(child, 'error').then(([error]) => String(error));
      const url = `http://${nodeId}:${port}`;
      const reason = await Promise.race([failed, waitFor(child, port, clock)]);
      if (reason !== null) {
        child.kill('SIGKILL');
        throw new AppError(
          'GATEWAY_DEPLOY_FAILED',
          `starting ${shown(srvcId)} with "${shown(command)}": ${reason}`,
          { status: 400 },
        );
      }
      const discovery = { srvcId, instId, nodeId, url };
      processes.set(instId, { discovery, child });
      child.once('exit', (code) => {
        if (!processes.delete(instId)) return;
        log.warn('module_ended', { module: srvcId, inst_id: instId, code });
        onExit(instId);
      });
      log.info('module_started', { module: srvcId, url });
      return discovery;
    },
    stop: async (instId) => {
      await Promise.all((instId === undefined ? [...processes.keys()] : [instId]).map(end));
    },
    running: () => [...processes.values()].map(({ discovery }) => discovery),
    node: () => ({ nodeId, url: `http://${nodeId}` }),
    isNode: (id) => id === nodeId,
  };
};

const variablesOf = ({ env }: LaunchDescriptor): readonly { name: string; value: string }[] =>
  (Array.isArray(env) ? (env as unknown[]) : []).flatMap((entry) => {
    const { name, value } = Object(entry) as { readonly name?: unknown; readonly value?: unknown };
    return typeof name === 'string' && typeof value === 'string' ? [{ name, value }] : [];
  });

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

/** Waits until something listens; gives the reason when it never does. */
const waitFor = async (child: ChildProcess, port: number, clock: Clock): Promise<string | null> => {
  for (let attempt = 0; attempt < WAITS; attempt += 1) {
    if (child.exitCode !== null) return `the process ended with code ${child.exitCode}`;
    if (await answers(port)) return null;
    await clock.sleep(WAIT_MS);
  }
  return `nothing listens on port ${port} after ${(WAITS * WAIT_MS) / 1_000} s`;
};

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, 'localhost');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
