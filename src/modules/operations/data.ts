import { AppError, type Clock } from '#core';
import { type Handler, json, type ModuleRequest, type ModuleResponse, text } from '#gateway/contract';
import type { TenantRegistry } from '#tenants';
import { type Audit, type Deed, recorded } from '../audit/index.ts';
import { readRecord } from '../records/index.ts';
import { shown } from './organizations.ts';
import type { OperationsPorts } from './ports.ts';
import { refusalOf, wrong } from './refusals.ts';
import { idOf } from './relations.ts';
import { replaySchema } from './schemas.ts';

/** What the handlers of data work with. */
export interface DataHandlerDeps {
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly ports: OperationsPorts;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly module: string;
}

const DAY_MS = 86_400_000;
/** Unknown and expired beacons of so many days are looked at when nothing else is asked for. */
const DEFAULT_DAYS = 28;
const MOST_QUARANTINED = 200;

/** Data health, quarantine, migrations, beacons of nobody, replays, and the demo's data. */
export const dataHandlers = (deps: DataHandlerDeps): Readonly<Record<string, Handler>> => {
  const { registry, ports, audit, clock, module } = deps;
  const noReplay = (id: string): AppError =>
    new AppError(
      'OPERATIONS_NO_REPLAY',
      `there is no replay ${shown(id)}; they are forgotten with a restart`,
      {
        status: 404,
      },
    );

  return {
    'GET /operations/health': async () => json(200, await ports.health()),
    'GET /operations/quarantine': guarded(async ({ query }) => {
      const limit = wholeNumber(query, 'limit', 20, MOST_QUARANTINED);
      return json(200, await ports.quarantine(query.get('tenant'), limit));
    }),
    'POST /operations/migrations/{id}': recorded(
      audit,
      module,
      (request): Deed => {
        const id = idOf(request.params);
        if (registry.current().byId(id) === undefined)
          throw new AppError('OPERATIONS_NO_ORGANIZATION', `the users map has no organization ${shown(id)}`, {
            status: 404,
          });
        return {
          summary: `applied the migrations of ${id} again`,
          tenant: id,
          run: async () => {
            const reason = await ports.migrate(id);
            return json(200, {
              tenant: id,
              state: reason === null ? 'ready' : 'failed',
              error: reason ?? '',
            });
          },
        };
      },
      refusalOf,
    ),
    'GET /operations/unclaimed': guarded(async ({ query }) =>
      json(200, await ports.unclaimed(readUnclaimed(query, clock.now()))),
    ),
    'GET /operations/replays': () => json(200, { replays: ports.replays.list() }),
    'GET /operations/replays/{id}': guarded(({ params }) => {
      const job = ports.replays.find(idOf(params));
      if (job === undefined) throw noReplay(idOf(params));
      return json(200, job);
    }),
    'POST /operations/replays': recorded(
      audit,
      module,
      async (request): Promise<Deed | ModuleResponse> => {
        const read = await readRecord(request, replaySchema);
        if ('refusal' in read) return read.refusal;
        const { folder, tenant, trace, from, to, dryRun = false } = read.record;
        const { originTenant, userId } = request;
        const start = (): ModuleResponse => {
          const job = ports.replays.start(
            {
              folder,
              dryRun,
              ...(tenant !== undefined && { tenant }),
              ...(trace !== undefined && { trace }),
              ...(from !== undefined && { from }),
              ...(to !== undefined && { to }),
            },
            userId ?? '',
          );
          return json(202, job, { location: `/operations/replays/${job.id}` });
        };
        // Counting changes nothing, so it is no deed.
        if (dryRun) return start();
        return {
          summary: `began a replay of ${folder}${tenant === undefined ? '' : ` for ${tenant}`}`,
          tenant: tenant ?? originTenant,
          run: () => Promise.resolve().then(start),
        };
      },
      refusalOf,
    ),
    'DELETE /operations/replays/{id}': recorded(
      audit,
      module,
      (request): Deed => ({
        summary: 'stopped a replay',
        tenant: request.originTenant,
        run: async () => {
          const job = ports.replays.cancel(idOf(request.params));
          if (job === undefined) throw noReplay(idOf(request.params));
          return json(202, job);
        },
      }),
      refusalOf,
    ),
    'DELETE /operations/demo-data': recorded(
      audit,
      module,
      (request): Deed => ({
        summary: "removed the demo's generated page views",
        tenant: request.originTenant,
        run: async () =>
          ports.removeGenerated === null
            ? text(404, 'this is no demo: nothing was generated here')
            : json(200, await ports.removeGenerated()),
      }),
      refusalOf,
    ),
  };
};

const readUnclaimed = (query: URLSearchParams, now: number) => {
  const folder = query.get('folder');
  if (folder !== 'unknown' && folder !== 'expired')
    throw wrong('folder', `found ${shown(folder ?? 'nothing')}, expected unknown or expired`);
  // To the end of the hour, so that asking again finds the same look.
  const to = instant(query, 'to') ?? Math.ceil(now / 3_600_000) * 3_600_000;
  const from = instant(query, 'from') ?? to - DEFAULT_DAYS * DAY_MS;
  if (from >= to) throw wrong('to', 'the end of the range is before its beginning');
  return { folder, from, to } as const;
};

const instant = (query: URLSearchParams, name: string): number | null => {
  const given = query.get(name);
  if (given === null) return null;
  const value = Date.parse(given);
  if (Number.isNaN(value)) throw wrong(name, `found ${shown(given)}, expected a moment in ISO 8601`);
  return value;
};

/** A parameter that is a number from 1 to `most`. Errors: 422. */
export const wholeNumber = (query: URLSearchParams, name: string, fallback: number, most: number): number => {
  const given = query.get(name);
  if (given === null) return fallback;
  const value = Number(given);
  if (given === '' || !Number.isInteger(value) || value < 1 || value > most)
    throw wrong(name, `found ${shown(given)}, expected a whole number from 1 to ${most}`);
  return value;
};

/** A handler that reads; what is wrong with the request is answered in words. */
export const guarded =
  (handle: (request: ModuleRequest) => Promise<ModuleResponse> | ModuleResponse): Handler =>
  async (request) => {
    try {
      return await handle(request);
    } catch (error) {
      return refusalOf(error);
    }
  };
