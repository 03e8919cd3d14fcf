import type { Clock } from '#core';
import { AppError, errorCode, errorText } from '#core';
import type { IncomingResponse } from '../contract.ts';
import type { InterfaceDescriptor, ModuleDescriptor } from '../descriptor.ts';
import type { RoutingEntry } from '../descriptor-entry.ts';
import type { SystemCalls } from '../system-call.ts';
import { bad } from './answers.ts';

/** One change of a module for a tenant: enabled (`to`), upgraded (`from` and `to`) or disabled (`from`). */
export interface TenantChange {
  readonly tenant: string;
  readonly from: ModuleDescriptor | undefined;
  readonly to: ModuleDescriptor | undefined;
  /** On disabling: remove the data as well. */
  readonly purge: boolean;
  readonly parameters: readonly { readonly key: string; readonly value: string }[];
}

/** Tells a module about a tenant by its system interface `_tenant` 1.0, 1.1, 1.2 or 2.0. Errors: 400 with Okapi's sentences. */
export type TenantInit = (change: TenantChange) => Promise<void>;

const FIRST_POLL_MS = 300;
const POLL_GROWTH = 1.25;
const MOST_POLLS = 60;

/** Creates the calls of `_tenant`. */
export const createTenantInit =
  (system: SystemCalls['system'], clock: Clock): TenantInit =>
  async (change) => {
    const module = change.to ?? change.from;
    const known = module?.provides?.find(({ id }) => id === '_tenant');
    if (module === undefined || known === undefined) return;
    const call = async (method: string, path: string, body?: object): Promise<IncomingResponse> => {
      try {
        return await system({
          tenant: change.tenant,
          moduleId: module.id,
          method,
          path,
          ...(body && { body: JSON.stringify(body) }),
        });
      } catch (error) {
        if (errorCode(error) === 'GATEWAY_NO_INSTANCE')
          throw bad(`No running instances for module ${module.id}. Can not invoke ${path}`);
        throw error instanceof AppError && error.status < 500
          ? error
          : bad(`${method} request for ${module.id} ${path} failed with ${errorText(error)}`);
      }
    };
    if (known.version.startsWith('2.')) return callVersion2(change, module, known, call, clock);
    if (!['1.0', '1.1', '1.2'].includes(known.version))
      throw bad(`Unsupported interface _tenant: ${known.version}`);
    return callVersion1(change, module, known, call);
  };

type Call = (method: string, path: string, body?: object) => Promise<IncomingResponse>;

const callVersion1 = async (
  { from, to, purge, parameters }: TenantChange,
  module: ModuleDescriptor,
  { version, handlers = [] }: InterfaceDescriptor,
  call: Call,
): Promise<void> => {
  if (to !== undefined) {
    const path = pathOf(handlers, 'POST', (each) => !each.endsWith('/disable')) ?? '/_/tenant';
    const body = {
      module_to: to.id,
      ...(from !== undefined && { module_from: from.id }),
      ...(version === '1.2' && parameters.length > 0 && { parameters }),
    };
    check(module, 'POST', path, await call('POST', path, body));
    return;
  }
  const disable =
    version === '1.0' ? undefined : pathOf(handlers, 'POST', (each) => each.endsWith('/disable'));
  if (purge) {
    const path = pathOf(handlers, 'DELETE', () => true);
    if (path !== undefined) check(module, 'DELETE', path, await call('DELETE', path));
  } else if (disable !== undefined) {
    check(module, 'POST', disable, await call('POST', disable, { module_from: module.id }));
  }
};

const callVersion2 = async (
  { from, to, purge, parameters }: TenantChange,
  module: ModuleDescriptor,
  { handlers = [] }: InterfaceDescriptor,
  call: Call,
  clock: Clock,
): Promise<void> => {
  const path = pathOf(handlers, 'POST', () => true) ?? '/_/tenant';
  const hasJobs = pathOf(handlers, 'GET', (each) => each.includes('{')) !== undefined;
  const hasDelete = pathOf(handlers, 'DELETE', (each) => each.includes('{')) !== undefined;
  if (hasJobs && !hasDelete)
    throw bad(`Missing DELETE method for tenant interface version 2 for module ${module.id}`);
  const answer = await call('POST', path, {
    ...(to !== undefined && { module_to: to.id }),
    ...(from !== undefined && { module_from: from.id }),
    ...(to === undefined && { purge }),
    ...(parameters.length > 0 && { parameters }),
  });
  check(module, 'POST', path, answer);
  if (answer.headers['location'] === undefined) return;
  if (answer.status !== 201 || !hasJobs)
    throw bad(`Unexpected Location header in response for module ${module.id}: POST ${path}`);
  const { id } = answer.json() as { id?: unknown };
  if (typeof id !== 'string')
    throw bad(`Missing id property in JSON response for module ${module.id}: POST ${path}`);
  await awaitJob(module, `${path}/${encodeURIComponent(id)}`, call, clock);
};

const awaitJob = async (module: ModuleDescriptor, path: string, call: Call, clock: Clock): Promise<void> => {
  let pauseMs = FIRST_POLL_MS;
  for (let poll = 0; poll < MOST_POLLS; poll += 1) {
    await clock.sleep(pauseMs);
    pauseMs *= POLL_GROWTH;
    const answer = await call('GET', path);
    check(module, 'GET', path, answer);
    const job = answer.json() as { complete?: boolean; error?: string };
    if (job.complete !== true) continue;
    await call('DELETE', path);
    if (job.error !== undefined) throw bad(`Tenant operation failed for module ${module.id}: ${job.error}`);
    return;
  }
  throw bad(`Tenant operation failed for module ${module.id}: it is not complete after ${MOST_POLLS} looks`);
};

const check = (module: ModuleDescriptor, method: string, path: string, answer: IncomingResponse): void => {
  if (answer.status >= 200 && answer.status <= 299) return;
  throw bad(`${method} request for ${module.id} ${path} failed with ${answer.status}: ${answer.text()}`);
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
