import type { Gateway, ModuleDescriptor, RoutingEntry } from '#gateway';
import type { PersistentStore } from '#gateway/admin';
import type { ModuleLine, RequestLine, RequestsQuestion, RequestTraceAnswer, RouteLine } from '#modules';

/** The modules that the gateway knows, and where they are enabled. */
export const listModules = (store: PersistentStore): readonly ModuleLine[] =>
  store
    .modules()
    .map((module): ModuleLine => {
      const instances = store.instances(module.id).map(({ url }) => url);
      const builtIn = store.isBuiltIn(module.id);
      return {
        id: module.id,
        name: module.name ?? '',
        builtIn,
        running: builtIn || instances.length > 0,
        instances,
        provides: (module.provides ?? []).map(({ id, version }) => ({ id, version })),
        requires: (module.requires ?? []).map(({ id, version }) => ({ id, version })),
        executesIn: executesIn(module),
        enabledFor: store.tenantsWith(module.id),
      };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1));

/** Every entry of the modules that are enabled for a tenant: handlers by path, then filters. */
export const listRoutes = (store: PersistentStore, tenant: string): readonly RouteLine[] =>
  store
    .enabledFor(tenant)
    .flatMap((id) => store.descriptor(id) ?? [])
    .flatMap(({ id, provides = [], filters = [] }) => [
      ...provides.flatMap(({ id: interfaceId, handlers = [] }) =>
        handlers.map((entry) => routeLine(id, interfaceId, entry, true)),
      ),
      ...filters.map((entry) => routeLine(id, null, entry, false)),
    ])
    .toSorted((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

/** Requests whose trace is kept. */
export const listRequests = (
  gateway: Pick<Gateway, 'recentRequests'>,
  question: RequestsQuestion,
): readonly RequestLine[] =>
  gateway.recentRequests(question).map(({ requestId, startedAt, ...request }) => ({
    id: requestId,
    startedAt: new Date(startedAt).toISOString(),
    ...request,
  }));

/** The hops of a request; null: they are not kept (any more). */
export const readRequest = (gateway: Pick<Gateway, 'trace'>, id: string): RequestTraceAnswer | null => {
  const trace = gateway.trace(id);
  if (trace === null) return null;
  const { requestId, startedAt, ...rest } = trace;
  return { id: requestId, startedAt: new Date(startedAt).toISOString(), ...rest };
};

const routeLine = (
  module: string,
  interfaceId: string | null,
  entry: RoutingEntry,
  isHandler: boolean,
): RouteLine => ({
  methods: entry.methods ?? ['*'],
  path: entry.pathPattern ?? entry.path ?? '',
  module,
  interface: interfaceId,
  phase: isHandler ? 'handler' : phaseOf(entry.phase),
  level: entry.level ?? null,
  type: entry.type ?? 'request-response',
  permissionsRequired: entry.permissionsRequired ?? [],
  permissionsDesired: entry.permissionsDesired ?? [],
});

const phaseOf = (phase: string | undefined): RouteLine['phase'] =>
  phase === 'auth' || phase === 'pre' || phase === 'post' ? phase : 'filter';

const PHASES: readonly RouteLine['phase'][] = ['handler', 'auth', 'pre', 'post', 'filter'];
const rank = ({ phase }: RouteLine): number => PHASES.indexOf(phase);

const executesIn = ({ metadata }: ModuleDescriptor): 'requested' | 'origin' => {
  const resolution = (metadata as { tenantResolution?: { executesIn?: unknown } } | undefined)
    ?.tenantResolution;
  return resolution?.executesIn === 'origin' ? 'origin' : 'requested';
};
