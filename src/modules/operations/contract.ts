/*
 * What operations answer: the operator's view of the whole process, under `/operations`. Instants are ISO 8601 in UTC. All texts may come
 * from outside (addresses of pages, reasons of the warehouse) and are shown as text.
 * Errors: 422 with `{"errors":[{"message","type","code","parameters":[{"key","value"}]}]}` for what cannot be read, 404 for what is not
 * there, 409 for a conflict, both with a sentence.
 */

export type {
  AuditAnswer,
  AuditLine,
} from './contract/audit.ts';
export type {
  ExplainAnswer,
  ModuleLine,
  ModulesAnswer,
  RouteLine,
  RoutesAnswer,
} from './contract/gateway.ts';
export type {
  ArchiveFolder,
  ExpiredLine,
  FunnelLine,
  HealthAnswer,
  LoaderHealth,
  MigrationLine,
  OwnHealthAnswer,
  ReasonCount,
} from './contract/health.ts';
export type {
  MapProblemLine,
  NewOrganization,
  OrganizationChange,
  OrganizationLine,
  OrganizationsAnswer,
} from './contract/organizations.ts';
export type {
  NewRelationRequest,
  OwnRelationsAnswer,
  RelationChangeRequest,
  RelationLine,
  RuleChangeRequest,
  RuleLine,
} from './contract/relations.ts';
export type {
  Progress,
  ReplayJob,
  ReplayRequest,
  ReplayResult,
} from './contract/replays.ts';
export type {
  HopLine,
  RequestLine,
  RequestTenants,
  RequestTraceAnswer,
  RequestsAnswer,
} from './contract/requests.ts';
export type {
  QuarantineAnswer,
  QuarantineLine,
  UnclaimedAnswer,
  UnclaimedGroup,
} from './contract/unstored-beacons.ts';
