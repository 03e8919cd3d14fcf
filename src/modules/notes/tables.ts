import { tableMigration } from '#database';

/** Note types, notes and what they are linked to; annotations, and which of them (the consortium's, the system's) a tenant has hidden; what of the measurement was in force last. */
export const notesTables = [
  tableMigration(
    'notes_01_create',
    `CREATE TABLE note_types (tenant text NOT NULL, id text NOT NULL, name text NOT NULL, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE UNIQUE INDEX note_types_name ON note_types (tenant, name)`,
    `CREATE TABLE notes (tenant text NOT NULL, id text NOT NULL, type_id text NOT NULL, domain text NOT NULL, title text NOT NULL,
     content text NOT NULL, updated_at text NOT NULL, doc text NOT NULL, PRIMARY KEY (tenant, id))`,
    `CREATE INDEX notes_type ON notes (tenant, type_id)`,
    `CREATE TABLE note_links (tenant text NOT NULL, note_id text NOT NULL, link_type text NOT NULL, link_id text NOT NULL,
     PRIMARY KEY (tenant, link_type, link_id, note_id))`,
    `CREATE INDEX note_links_note ON note_links (tenant, note_id)`,
  ),
  tableMigration(
    'notes_02_annotations',
    `CREATE TABLE annotations (tenant text NOT NULL, id text NOT NULL, kind_id text NOT NULL, scope text NOT NULL, site text,
     author_tenant text NOT NULL, author_id text NOT NULL, starts_at bigint NOT NULL, ends_at bigint NOT NULL, doc text NOT NULL,
     PRIMARY KEY (tenant, id))`,
    `CREATE INDEX annotations_time ON annotations (tenant, starts_at)`,
    `CREATE INDEX annotations_kind ON annotations (tenant, kind_id)`,
    `CREATE TABLE annotation_hidings (tenant text NOT NULL, annotation_id text NOT NULL, hidden_by text NOT NULL,
     hidden_at bigint NOT NULL, PRIMARY KEY (tenant, annotation_id))`,
  ),
  tableMigration(
    'notes_03_measurement',
    `CREATE TABLE measurement_state (name text NOT NULL PRIMARY KEY, value text NOT NULL, changed_at bigint NOT NULL)`,
  ),
];
