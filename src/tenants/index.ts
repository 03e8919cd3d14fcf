// Who the organizations are: users-map.yaml as snapshots that are always whole, where a beacon belongs, and for whom a
// request is executed.

// Tenants and relations
export type { Relation, RelationRule } from './relation.ts';
export { createSnapshot, type Snapshot } from './snapshot.ts';
export { type Destination, isExpired, type Tenant, type TenantId } from './tenant.ts';
export { prefixProblem, toTenantId } from './names.ts';
export { acceptsHost, classify } from './classify.ts';

// The users map, and what keeps it up to date
export { openTenantRegistry, type TenantRegistry, type TenantRegistryOptions } from './registry.ts';
export { createSteadyClock, type SteadyClockOptions } from './steady-clock.ts';
export { type MapFile, readMapFile } from './map-file.ts';
export { MAX_MAP_BYTES, type ParsedMap, parseUsersMap } from './parse.ts';
export { parseExpire } from './expire.ts';
export { type MapProblem, mapProblem, problemText } from './problem.ts';

// Changing it
export { editUsersMap, type MapEdit } from './edit.ts';
export {
  addUserText,
  changeUserText,
  type NewUser,
  removeUserText,
  renameUserText,
  renewUserText,
  type UserChange,
} from './edit-text.ts';
export {
  addRelationText,
  type NewRelation,
  renewRelationText,
  withdrawText,
} from './edit-relations.ts';
export { changeRelationText, type RelationChange } from './change-relation.ts';
export type { RuleWish } from './change-rules.ts';

// Tenant resolution
export { resolveTenant } from './resolution.ts';
export type {
  Execution,
  NamedModule,
  NeedsBody,
  Refusal,
  RefusalCode,
  RequestFacts,
  Resolution,
  ResolutionWorld,
  ServingModule,
} from './resolution-contract.ts';
