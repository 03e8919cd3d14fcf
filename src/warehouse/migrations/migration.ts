import { createHash } from 'node:crypto';
import type { TenantId } from '#tenants';
import type { Layout } from '../layout.ts';

/** A column of a table as it is in the server now. */
export interface ExistingColumn {
  readonly name: string;
  readonly type: string;
  /** It is part of the partition, sorting or primary key: its type cannot be changed. */
  readonly inKey: boolean;
}

/** A table as it is in the server now. */
export interface ExistingTable {
  readonly name: string;
  /** `MergeTree`, `View`, … */
  readonly engine: string;
  /** Engine with keys, TTL and settings. */
  readonly engineFull: string;
  readonly columns: readonly ExistingColumn[];
}

/** What a migration may look at. */
export interface MigrationContext {
  readonly tenantId: TenantId;
  readonly layout: Layout;
  /** A table of this tenant as it is before the migrations; undefined: there is none (or the migration has no `looks`). */
  existing(name: string): ExistingTable | undefined;
}

/**
 * One numbered step of a tenant's tables. `up` gives the statements that are still needed, given what exists: run to the end, run twice,
 * or run after a kill at any point, the result is the same. `once`: applied when it is not recorded as applied. `repeatable`:
 * applied again when its text changed (views hold no data, so replacing them is safe).
 */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly kind: 'once' | 'repeatable';
  /** `up` asks what exists. Otherwise it is not read: two queries for each tenant. */
  readonly looks?: boolean;
  /** Throws `WAREHOUSE_ADOPTION_REFUSED` when something exists that it cannot build on. */
  up(context: MigrationContext): readonly string[];
}

/** Tells whether a migration is the one that was applied: a hash of what it does on one server where nothing exists. */
export const checksumOf = (migration: Migration): string => {
  const statements = migration.up({
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a fixed id of the right form, for the text only
    tenantId: 'checksum' as TenantId,
    layout: { kind: 'server' },
    existing: () => undefined,
  });
  return createHash('sha256')
    .update(JSON.stringify([migration.number, migration.name, statements]))
    .digest('hex')
    .slice(0, 32);
};
