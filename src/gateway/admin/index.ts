// The admin API: modules, tenants, installs, discovery; kept in the control database.
export { type Discovery, openPersistentStore, type PersistentStore } from './persistent-store.ts';
export { gatewayTables } from './tables.ts';
