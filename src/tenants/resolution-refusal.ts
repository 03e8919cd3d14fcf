import { quoted } from './quoted.ts';
import type { Refusal, RefusalCode, RequestFacts } from './resolution-contract.ts';
import type { Tenant, TenantId } from './tenant.ts';

/** Collects sentences; null: nobody wants to know. */
export type Reasons = string[] | null;

/** Names in a message at most. */
export const MAX_NAMED = 20;

const STATUS: Readonly<Record<RefusalCode, Refusal['status']>> = {
  TENANT_UNKNOWN: 400,
  TENANT_EXPIRED: 403,
  TENANT_NOT_ALLOWED: 403,
  TENANT_NO_MODULE: 404,
  TENANT_RULE_UNSERVED: 404,
  TENANT_AMBIGUOUS: 400,
  TENANT_QUERY_AMBIGUOUS: 400,
};

/** A refusal with the status of its code. */
export const refuse = (code: RefusalCode, message: string, reasons: Reasons): Refusal => ({
  kind: 'refuse',
  status: STATUS[code],
  code,
  message,
  why: reasons ?? [],
});

/** To a stranger an expired tenant is as unknown as one that never was; the tenant's own users are told. */
export const refuseTenant = (tenant: Tenant | undefined, facts: RequestFacts, reasons: Reasons): Refusal => {
  reasons?.push(`${quoted(facts.requestedTenant)} is ${tenant === undefined ? 'unknown' : 'expired'}`);
  if (tenant !== undefined && facts.originTenant !== null)
    return refuse('TENANT_EXPIRED', `tenant ${tenant.id} is expired`, reasons);
  // The text is Okapi's.
  return refuse('TENANT_UNKNOWN', `No such Tenant ${facts.requestedTenant.slice(0, 100)}`, reasons);
};

/** Nobody has a module for the request; the first words are Okapi's. `relations`: those that were looked at. */
export const refuseUnserved = (tenant: TenantId, relations: readonly string[], reasons: Reasons): Refusal => {
  const looked = relations.slice(0, MAX_NAMED).join(', ');
  const more =
    relations.length === 0
      ? ''
      : `: none is enabled for ${tenant}, nor for a tenant that its relations reach with it (${looked})`;
  return refuse('TENANT_NO_MODULE', `No suitable module found for path and tenant${more}`, reasons);
};
