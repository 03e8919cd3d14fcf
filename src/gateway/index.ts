// Carries every request to the right module in the context of the right tenant.
export { createGateway, type Gateway } from './server.ts';
export type {
  AdminHandler,
  AdminRequest,
  AuditEnd,
  AuditEntry,
  AuditSink,
  GatewayOptions,
  GatewayParts,
} from './options.ts';
export {
  createMemoryModuleStore,
  type MemoryModuleStore,
  type ModuleInstance,
  type ModuleStore,
} from './module-store.ts';
export {
  type InterfaceDescriptor,
  type InterfaceReference,
  type ModuleDescriptor,
  parseDescriptor,
  type PermissionSet,
} from './descriptor.ts';
export type { EntryType, Phase, RoutingEntry } from './descriptor-entry.ts';
export { isModuleVersion, type ModuleId, parseModuleId } from './module-id.ts';
export {
  createTokens,
  type MintedToken,
  type TokenOptions,
  type Tokens,
  type Verification,
} from './tokens.ts';
export type { AccessClaims, ModuleClaims, RefreshClaims, TokenClaims } from './claims.ts';
export { loadSigningKey, minKeyBytes } from './signing-key.ts';
export { isOperator } from './operator.ts';
export { type AddressGuard, createAddressGuard } from './stages/address-guard.ts';
export {
  type ExplainedStep,
  type ExplainQuestion,
  type Explanation,
  readExplainQuestion,
} from './explain.ts';
export type { Hop, Trace, TraceQuestion, TraceSummary } from './trace.ts';
export type { InternalCall, SystemCall, SystemCalls } from './system-call.ts';
export type { Answer } from './known-request.ts';
