import { AppError, type Clock } from '#core';
import type { IncomingResponse } from '../contract.ts';
import type { InterfaceDescriptor, ModuleDescriptor } from '../descriptor.ts';
import type { RoutingEntry } from '../descriptor-entry.ts';
import type { SystemCalls } from '../system-call.ts';
import { bad } from './answers.ts';
import { type ModuleCall, moduleCall } from './module-call.ts';

/** One change of a module for a tenant: enabled (`to`), upgraded (`from` and `to`) or disabled (`from`). */
export interface TenantChange {
  readonly tenant: string;
  readonly from: ModuleDescriptor | undefined;
  readonly to: ModuleDescriptor | undefined;
}

/** What the module is told besides. */
export interface TenantInitOptions {
  /** Remove the data: on disabling; on enabling, whatever is there from before is removed first. */
  readonly purge: boolean;
  readonly parameters: readonly { readonly key: string; readonly value?: string }[];
}

/** Tells a module about a tenant by its system interface `_tenant` 1.0, 1.1, 1.2 or 2.0. Errors: 400 with Okapi's sentences. */
export type TenantInit = (change: TenantChange & TenantInitOptions) => Promise<void>;

const FIRST_POLL_MS = 300;
const POLL_GROWTH = 1.25;
/** Okapi lets the pause grow for ever; the end of a job of hours would be seen much too late. */
const LONGEST_POLL_MS = 10_000;
/** A migration of a large tenant takes hours; what takes longer than this is given up. */
const LONGEST_JOB_MS = 86_400_000;

/** Creates the calls of `_tenant`. `signal` ends the waiting for a job. */
export const createTenantInit = (
  system: SystemCalls['system'],
  clock: Clock,
  signal: AbortSignal,
): TenantInit => {
  const tell: TenantInit = async (change) => {
    const module = change.to ?? change.from;
    const known = module?.provides?.find(({ id }) => id === '_tenant');
    if (module === undefined || known === undefined) return;
    const call = moduleCall(system, change.tenant, module);
    if (known.version === '2.0') return tellVersion2(change, module, known, call, clock, signal);
    if (!['1.0', '1.1', '1.2'].includes(known.version))
      throw bad(`Unsupported interface _tenant: ${known.version}`);
    return tellVersion1(change, module, known, call);
  };
  return async (change) => {
    if (change.to === undefined || !change.purge) return tell(change);
    // As in Okapi: nothing may be there to be removed, so the answer does not count.
    await tell({ ...change, from: change.to, to: undefined }).catch(() => undefined);
    return tell({ ...change, from: undefined, purge: false });
  };
};

const tellVersion1 = async (
  { from, to, purge, parameters }: TenantChange & TenantInitOptions,
  module: ModuleDescriptor,
  { version, handlers = [] }: InterfaceDescriptor,
  call: ModuleCall,
): Promise<void> => {
  const isDisable = (path: string): boolean => path === '/_/tenant/disable';
  const extra = version === '1.2' && parameters.length > 0 ? { parameters } : {};
  if (to === undefined && purge) {
    const path = pathOf(handlers, 'DELETE', () => true);
    if (path !== undefined) await call('DELETE', path);
  } else if (to === undefined) {
    const path = version === '1.0' ? undefined : pathOf(handlers, 'POST', isDisable);
    if (path !== undefined) await call('POST', path, { module_from: module.id, ...extra });
  } else {
    const path = pathOf(handlers, 'POST', (each) => !isDisable(each));
    if (path !== undefined) await call('POST', path, { ...namesOf(from, to), ...extra });
  }
};

const tellVersion2 = async (
  { from, to, purge, parameters }: TenantChange & TenantInitOptions,
  module: ModuleDescriptor,
  { handlers = [] }: InterfaceDescriptor,
  call: ModuleCall,
  clock: Clock,
  signal: AbortSignal,
): Promise<void> => {
  const path = pathOf(handlers, 'POST', (each) => each.includes('/'));
  if (path === undefined) return;
  const jobPath = pathOf(handlers, 'GET', (each) => each.includes('{id}'));
  const endPath = pathOf(handlers, 'DELETE', (each) => each.includes('{id}'));
  if (jobPath !== undefined && endPath === undefined)
    throw bad(`Missing DELETE method for tenant interface version 2 for module ${module.id}`);
  const answer = await call('POST', path, {
    ...namesOf(from, to),
    purge: to === undefined && purge,
    ...(parameters.length > 0 && { parameters }),
  });
  if (answer.headers['location'] === undefined) return;
  if (jobPath === undefined || endPath === undefined)
    throw bad(`Unexpected Location header in response for module ${module.id}: POST ${path}`);
  const { id } = objectOf(answer);
  if (typeof id !== 'string')
    throw bad(`Missing id property in JSON response for module ${module.id}: POST ${path}`);
  const job = encodeURIComponent(id);
  const error = await awaitJob(jobPath.replace('{id}', job), call, clock, signal);
  await call('DELETE', endPath.replace('{id}', job));
  if (error !== null) throw bad(`Tenant operation failed for module ${module.id}: ${error}`);
};

/** Looks at the job until it is complete. Resolves to why it failed; null: it did not. */
const awaitJob = async (
  path: string,
  call: ModuleCall,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | null> => {
  const end = clock.monotonic() + LONGEST_JOB_MS;
  for (let pauseMs = FIRST_POLL_MS; ; pauseMs = Math.min(pauseMs * POLL_GROWTH, LONGEST_POLL_MS)) {
    await clock.sleep(pauseMs, signal);
    if (signal.aborted) throw new AppError('GATEWAY_STOPPING', 'the gateway is stopping', { status: 503 });
    const { complete, error, messages } = objectOf(await call('GET', path));
    if (complete === true) {
      if (typeof error !== 'string') return null;
      const lines = Array.isArray(messages) ? messages.filter((line) => typeof line === 'string') : [];
      return [error, ...lines].join('\n');
    }
    if (clock.monotonic() > end) return `it is not complete after ${LONGEST_JOB_MS / 3_600_000} hours`;
  }
};

const namesOf = (from: ModuleDescriptor | undefined, to: ModuleDescriptor | undefined) => ({
  ...(to !== undefined && { module_to: to.id }),
  ...(from !== undefined && { module_from: from.id }),
});

/** The answer's JSON object; empty when it is none. */
const objectOf = (answer: IncomingResponse): Readonly<Record<string, unknown>> => {
  try {
    const value = answer.json();
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
};

const pathOf = (
  handlers: readonly RoutingEntry[],
  method: string,
  fits: (path: string) => boolean,
): string | undefined =>
  handlers
    .filter(({ methods }) => methods?.includes(method) || methods?.includes('*'))
    .map(({ pathPattern, path }) => pathPattern ?? path ?? '')
    .find(fits);
