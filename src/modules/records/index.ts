// What the modules that keep records share: lists by CQL, records of a tenant, FOLIO's forms of refusals.
export { type Cql, type CqlQuery, parseCql } from './cql.ts';
export { type FieldsOf, pageOf } from './page-of.ts';
export {
  openRecords,
  type Page,
  type PageRequest,
  type Records,
  type RecordsOptions,
  type Stored,
} from './records.ts';
export {
  type Fault,
  type Metadata,
  notFound,
  pathPart,
  readPage,
  readRecord,
  stamp,
  unlessTaken,
  unprocessable,
  uuid,
} from './requests.ts';
export { crudEntries, crudPermissions, entry, permissionSets } from './crud-entries.ts';
