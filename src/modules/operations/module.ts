import type { Clock } from '#core';
import type { Module } from '#gateway/contract';
import type { TenantRegistry } from '#tenants';
import type { Audit } from '../audit/index.ts';
import { dataHandlers } from './data.ts';
import { operationsDescriptor } from './descriptor.ts';
import { organizationHandlers } from './organizations.ts';
import type { OperationsPorts } from './ports.ts';
import { relationHandlers } from './relations.ts';
import { requestHandlers } from './requests.ts';

/** What the operations module is made of. */
export interface OperationsDeps {
  readonly registry: Pick<TenantRegistry, 'current' | 'problems'>;
  readonly ports: OperationsPorts;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** The operations module: organizations and relations, data health, replays, and what the gateway does. Every write stands in the audit trail. */
export const createOperationsModule = ({ registry, ports, audit, clock }: OperationsDeps): Module => {
  const deps = { registry, ports, audit, clock, module: operationsDescriptor.id };
  return {
    descriptor: operationsDescriptor,
    handlers: {
      ...organizationHandlers(deps),
      ...relationHandlers(deps),
      ...dataHandlers(deps),
      ...requestHandlers(ports, registry, audit),
    },
  };
};
