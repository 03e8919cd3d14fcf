import { randomUUID } from 'node:crypto';
import { AppError, type Clock, errorText } from '#core';
import { type Handler, json, type ModuleResponse } from '#gateway/contract';
import { type NewUser, parseExpire, type Tenant, type TenantRegistry, type UserChange } from '#tenants';
import type { Audit, Deed } from '../audit/index.ts';
import { recorded } from '../audit/index.ts';
import { readRecord } from '../records/index.ts';
import type { OrganizationsAnswer } from './contract.ts';
import { describeOrganization, describeProblem, describeRelation } from './describe.ts';
import type { OperationsPorts, TableFigures } from './ports.ts';
import { refusalOf, wrong } from './refusals.ts';
import { newOrganizationSchema, organizationChangeSchema } from './schemas.ts';

/** What the handlers of the users map work with. */
export interface MapHandlerDeps {
  readonly registry: Pick<TenantRegistry, 'current' | 'problems'>;
  readonly ports: Pick<OperationsPorts, 'usersMap' | 'figures'>;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly module: string;
}

/** `/operations/organizations`: what the users map says, and changes of it. */
export const organizationHandlers = (deps: MapHandlerDeps): Readonly<Record<string, Handler>> => {
  const { registry, ports, audit, clock, module } = deps;
  const tenantOf = (id: string): Tenant => {
    const tenant = registry.current().byId(id);
    if (tenant !== undefined) return tenant;
    throw new AppError('OPERATIONS_NO_ORGANIZATION', `the users map has no organization ${shown(id)}`, {
      status: 404,
    });
  };
  const described = async (id: string): Promise<ModuleResponse['body']> =>
    JSON.stringify(describeOrganization(tenantOf(id), undefined, clock.now()));
  const answered = async (status: number, id: string): Promise<ModuleResponse> => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: (await described(id)) ?? '',
  });

  return {
    'GET /operations/organizations': async () => json(200, await overview(deps)),
    'POST /operations/organizations': recorded(
      audit,
      module,
      async (request): Promise<Deed | ModuleResponse> => {
        const read = await readRecord(request, newOrganizationSchema);
        if ('refusal' in read) return read.refusal;
        const { record } = read;
        checkTraces(registry, record.traces === 'new' ? [] : (record.traces ?? []), record.id);
        return {
          summary: `added the organization ${record.id}`,
          tenant: record.id,
          run: async () => {
            if (registry.current().byId(record.id) !== undefined)
              throw new AppError(
                'OPERATIONS_EXISTS',
                `there is an organization ${record.id} already: renew it, or choose another prefix`,
                { status: 409 },
              );
            await ports.usersMap.addUser(newUser(record), record.version);
            return answered(201, record.id);
          },
        };
      },
      refusalOf,
    ),
    'PATCH /operations/organizations/{id}': recorded(
      audit,
      module,
      async (request): Promise<Deed | ModuleResponse> => {
        const { id = '' } = request.params;
        const read = await readRecord(request, organizationChangeSchema);
        if ('refusal' in read) return read.refusal;
        tenantOf(id);
        const { version, ...given } = read.record;
        if (given.traces !== undefined) checkTraces(registry, given.traces, id);
        if (id === request.originTenant) checkOwnEnd(id, given.expire, clock.now());
        const change = { ...given, ...(given.expire === 'now' && { expire: instantText(clock.now()) }) };
        return {
          summary: changeSummary(id, given as UserChange),
          tenant: id,
          run: async () => {
            await ports.usersMap.changeUser(id, change as UserChange, version);
            return answered(200, id);
          },
        };
      },
      refusalOf,
    ),
  };
};

const overview = async ({ registry, ports, audit, clock }: MapHandlerDeps): Promise<OrganizationsAnswer> => {
  const snapshot = registry.current();
  const now = clock.now();
  let figuresMissing = '';
  const [figures, lastWrites] = await Promise.all([
    ports.figures().catch((error: unknown): ReadonlyMap<string, TableFigures> => {
      figuresMissing = errorText(error);
      return new Map();
    }),
    audit.lastByRelation(),
  ]);
  return {
    version: snapshot.version,
    loadedAt: new Date(snapshot.loadedAt).toISOString(),
    problems: registry.problems().map(describeProblem),
    organizations: snapshot.tenants.map((tenant) =>
      describeOrganization(tenant, figures.get(tenant.id), now),
    ),
    relations: snapshot.relations.map((relation) =>
      describeRelation(relation, lastWrites.get(relation.id), now),
    ),
    figuresMissing,
  };
};

const newUser = (record: {
  readonly id: string;
  readonly name?: string | undefined;
  readonly traces?: 'new' | readonly string[] | undefined;
  readonly expire?: string | undefined;
  readonly hostnames?: readonly string[] | undefined;
  readonly onlyHostnames?: boolean | undefined;
  readonly retentionDays?: number | undefined;
  readonly beaconsPerSecond?: number | undefined;
}): NewUser => ({
  prefix: record.id,
  traces: record.traces === 'new' ? [randomUUID()] : (record.traces ?? []),
  ...(record.name !== undefined && { name: record.name }),
  ...(record.expire !== undefined && { expire: record.expire }),
  ...(record.hostnames !== undefined && { hostnames: record.hostnames }),
  ...(record.onlyHostnames !== undefined && { onlyHostnames: record.onlyHostnames }),
  ...(record.retentionDays !== undefined && { retentionDays: record.retentionDays }),
  ...(record.beaconsPerSecond !== undefined && { beaconsPerSecond: record.beaconsPerSecond }),
});

/** The parser would say the same, in the words of the file. */
const checkTraces = (
  registry: Pick<TenantRegistry, 'current'>,
  traces: readonly string[],
  id: string,
): void => {
  for (const trace of traces) {
    const owner = registry.current().byTrace(trace);
    if (owner !== undefined && owner.id !== id)
      throw wrong('traces', `${shown(trace)} is the trace of ${owner.id} already, expected another one`);
  }
};

/** Whoever ends the own organization could not undo it: nobody of an expired one is let in. */
const checkOwnEnd = (id: string, expire: string | null | undefined, now: number): void => {
  const end = expire === 'now' ? now : typeof expire === 'string' ? parseExpire(expire) : null;
  if (end === null || end > now) return;
  throw new AppError(
    'OPERATIONS_OWN_END',
    `${id} is your own organization, and you would lock yourself out`,
    {
      status: 409,
      hint: 'an operator of another organization can do it, or `rumbrella tenants renew`',
    },
  );
};

const changeSummary = (id: string, change: UserChange): string => {
  const { expire, name, traces, hostnames, retentionDays, onlyHostnames, beaconsPerSecond } = change;
  const parts = [
    ...(expire === undefined ? [] : [expire === null ? 'valid without end' : `expiry ${expire}`]),
    ...(name === undefined ? [] : [`name ${shown(name)}`]),
    ...(traces === undefined ? [] : [`${traces.length} traces`]),
    ...(hostnames === undefined ? [] : [`${hostnames?.length ?? 0} host names`]),
    ...(onlyHostnames === undefined ? [] : [onlyHostnames ? 'only these host names' : 'any host name']),
    ...(retentionDays === undefined
      ? []
      : [retentionDays === null ? 'kept for ever' : `kept ${retentionDays} days`]),
    ...(beaconsPerSecond === undefined
      ? []
      : [`${beaconsPerSecond === null ? 'the usual number of' : beaconsPerSecond} beacons a second`]),
  ];
  return `changed the organization ${id}: ${parts.join(', ') || 'nothing'}`;
};

/** An instant as the users map takes it. */
export const instantText = (epochMs: number): string =>
  new Date(epochMs).toISOString().replace(/\.\d+Z$/, 'Z');

/** A text from outside in a sentence. */
export const shown = (text: string): string =>
  JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
