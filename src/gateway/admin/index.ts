// The admin API: modules, tenants, installs, discovery; kept in the control database.
export { type Administration, type AdminParts, createAdministration } from './admin.ts';
export type { TenantFile } from './api.ts';
export { openPersistentStore, type PersistentStore } from './persistent-store.ts';
export type { Discovery } from './store-world.ts';
export { gatewayTables } from './tables.ts';
