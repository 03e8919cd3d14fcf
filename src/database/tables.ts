import type { Kysely } from 'kysely';

/** One step of the control database's shape. Applied once on each database, never changed after it was released. */
export interface TableMigration {
  /** `<owner>_<number>_<what>`: `notes_01_create`. */
  readonly name: string;
  readonly up: (schema: Kysely<unknown>) => Promise<void>;
}

/** Creates tables from plain SQL that both databases understand, one statement each. */
export const tableMigration = (name: string, ...statements: readonly string[]): TableMigration => ({
  name,
  up: async (schema) => {
    for (const statement of statements) {
      await schema.executeQuery({
        sql: statement,
        parameters: [],
        query: { kind: 'RawNode', sqlFragments: [statement], parameters: [] },
        queryId: { queryId: name },
      });
    }
  },
});
