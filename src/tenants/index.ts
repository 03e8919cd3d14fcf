// Who the organizations are: users-map.yaml as snapshots that are always whole, and where a beacon belongs.
export { acceptsHost, classify } from './classify.ts';
export { parseExpire } from './expire.ts';
export { prefixProblem, toTenantId } from './names.ts';
export { MAX_MAP_BYTES, MAX_MAP_ENTRIES, type ParsedMap, parseUsersMap } from './parse.ts';
export { type MapProblem, mapProblem, problemText } from './problem.ts';
export { openTenantRegistry, type TenantRegistry, type TenantRegistryOptions } from './registry.ts';
export type { Relation, RelationRule } from './relation.ts';
export { createSnapshot, type Snapshot } from './snapshot.ts';
export { createSteadyClock, type SteadyClockOptions } from './steady-clock.ts';
export { type Destination, isExpired, type Tenant, type TenantId } from './tenant.ts';
export { editUsersMap, type MapEdit } from './edit.ts';
export { addUserText, type NewUser, removeUserText, renewUserText } from './edit-text.ts';
export { type MapFile, readMapFile } from './map-file.ts';
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
