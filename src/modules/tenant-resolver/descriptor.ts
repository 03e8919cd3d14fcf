import type { ModuleDescriptor } from '#gateway/contract';

/** A filter of all requests between auth and the handler, which may say `X-Okapi-Tenant`. Nothing in it that Okapi does not know. */
export const tenantResolverDescriptor = {
  id: 'mod-tenant-resolver-1.0.0',
  name: 'tenant-resolver',
  provides: [],
  filters: [{ methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'headers' }],
} satisfies ModuleDescriptor;
