import type {
  AuditAnswer,
  ExplainAnswer,
  HealthAnswer,
  ModulesAnswer,
  OrganizationsAnswer,
  OwnHealthAnswer,
  OwnRelationsAnswer,
  QuarantineAnswer,
  ReplayJob,
  RequestsAnswer,
  RequestTraceAnswer,
  RoutesAnswer,
  UnclaimedAnswer,
} from '#operations';
import { parametersOf, type Request } from './request.ts';

/** Operations are executed where the operator belongs, whatever organization is shown; so they are asked there. */
type Home = string | undefined;

const ask = <Answer>(
  home: Home,
  path: string,
  own: Readonly<Record<string, string | number | undefined>> = {},
): Request<Answer> => ({ path, query: parametersOf(own), tenant: home });

/** Which part of the trail: before an entry, and with `only` without reads. No interface, which would be no record of parameters. */
type AuditWish = {
  readonly before?: string;
  readonly only?: 'changes';
};

/** The requests of operators. */
export const operations = {
  organizations: (home: Home) => ask<OrganizationsAnswer>(home, '/operations/organizations'),
  health: (home: Home) => ask<HealthAnswer>(home, '/operations/health'),
  quarantine: (home: Home, tenant?: string) =>
    ask<QuarantineAnswer>(home, '/operations/quarantine', { tenant, limit: 50 }),
  unclaimed: (
    home: Home,
    folder: 'unknown' | 'expired',
    period: { readonly from?: string; readonly to?: string },
  ) => ask<UnclaimedAnswer>(home, '/operations/unclaimed', { folder, ...period }),
  replays: (home: Home) => ask<{ readonly replays: readonly ReplayJob[] }>(home, '/operations/replays'),
  replay: (home: Home, id: string) => ask<ReplayJob>(home, `/operations/replays/${encodeURIComponent(id)}`),
  modules: (home: Home) => ask<ModulesAnswer>(home, '/operations/modules'),
  routes: (home: Home, tenant: string) => ask<RoutesAnswer>(home, '/operations/routes', { tenant }),
  requests: (
    home: Home,
    wish: {
      readonly tenant?: string;
      readonly path?: string;
      readonly minStatus?: string;
      readonly limit: number;
    },
  ) => ask<RequestsAnswer>(home, '/operations/requests', wish),
  request: (home: Home, id: string) =>
    ask<RequestTraceAnswer>(home, `/operations/requests/${encodeURIComponent(id)}`),
  explain: (home: Home, question: Readonly<Record<string, string | undefined>>) =>
    ask<ExplainAnswer>(home, '/operations/explain', question),
  audit: (home: Home, wish: AuditWish) => ask<AuditAnswer>(home, '/operations/audit', wish),
};

/** The requests of administrators about their own organization. */
export const ownOrganization = {
  relations: (home: Home) => ask<OwnRelationsAnswer>(home, '/organizations/relations'),
  health: (home: Home) => ask<OwnHealthAnswer>(home, '/organizations/health'),
  audit: (home: Home, wish: AuditWish) => ask<AuditAnswer>(home, '/organizations/audit', wish),
};
