// The built-in modules: one folder each, with its descriptor, its tables and its handlers.
export { sharesAtHome } from './accounts/at-home.ts';
export { forgetTenantAccess } from './accounts/forget-tenant.ts';
export { guestOf } from './accounts/guest.ts';
export { createShareMakers } from './accounts/share-makers.ts';
export type { AccountDeps } from './accounts/deps.ts';
export { createAccountsModule } from './accounts/module.ts';
export { highestRole, ROLES, roleOf } from './accounts/roles.ts';
export { openServiceAccounts } from './accounts/service-accounts.ts';
export { accountsTables } from './accounts/tables.ts';
export { openUses } from './accounts/uses.ts';
export { createAuthorise } from './authtoken/authorise.ts';
export { createAuthtokenModule } from './authtoken/module.ts';
export type { TokenMint } from './authtoken/session.ts';
export { openSessions } from './authtoken/sessions.ts';
export { authtokenTables } from './authtoken/tables.ts';
export { createConfigurationModule } from './configuration/module.ts';
export { configurationTables } from './configuration/tables.ts';
export { createConsortiumModule } from './consortium/module.ts';
export {
  type Account,
  ADMINISTRATOR,
  type Accounts,
  type NewAccount,
  openAccounts,
} from './login/accounts.ts';
export { openCredentials } from './login/credentials.ts';
export { createLoginModule } from './login/module.ts';
export { loginTables } from './login/tables.ts';
export { type Annotations, openAnnotations, type StoredAnnotation } from './notes/annotation-store.ts';
export { type MeasurementState, openMeasurementState } from './notes/measurement-state.ts';
export { openNoteTypes } from './notes/note-types.ts';
export { createNotesModule } from './notes/module.ts';
export { notesTables } from './notes/tables.ts';
export { type Audit, auditTables, openAudit } from './audit/index.ts';
export type * from './operations/contract.ts';
export { createOperationsModule } from './operations/module.ts';
export type * from './operations/ports.ts';
export { createOrganizationsModule } from './organizations/module.ts';
export { createLastAdministrator } from './permissions/administrators.ts';
export { openPermissionDirectory } from './permissions/directory.ts';
export { createPermissionsModule } from './permissions/module.ts';
export { permissionsTables } from './permissions/tables.ts';
export { createReportsModule } from './reports/module.ts';
export { isShadowOf, isUsable, openUserDirectory } from './users/directory.ts';
export { tenantResolverDescriptor } from './tenant-resolver/descriptor.ts';
export { createTenantFilter, type TenantFilter } from './tenant-resolver/filter.ts';
export { type UnusableRule, unusableRules } from './tenant-resolver/proposal.ts';
export { createUsersModule } from './users/module.ts';
export { usersTables } from './users/tables.ts';
