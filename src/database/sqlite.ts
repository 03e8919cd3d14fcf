import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { SqliteDatabase, SqliteStatement } from 'kysely';

/**
 * Node's own SQLite in the shape that Kysely expects (that of another library; docs/decisions/0005).
 * Prepared statements are kept, since preparing costs several times more than running a small one.
 */
export const sqliteForKysely = (file: DatabaseSync): SqliteDatabase => {
  const statements = new Map<string, SqliteStatement>();
  return {
    close: () => {
      statements.clear();
      file.close();
    },
    prepare: (sql) => {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = wrap(file.prepare(sql));
      if (statements.size >= MOST_STATEMENTS) statements.clear();
      statements.set(sql, statement);
      return statement;
    },
  };
};

const MOST_STATEMENTS = 500;

const wrap = (statement: StatementSync): SqliteStatement => ({
  reader: statement.columns().length > 0,
  all: (parameters) => statement.all(...values(parameters)),
  run: (parameters) => {
    const { changes, lastInsertRowid } = statement.run(...values(parameters));
    return { changes: Number(changes), lastInsertRowid };
  },
  iterate: (parameters) => statement.iterate(...values(parameters)),
});

const values = (parameters: readonly unknown[]): SQLInputValue[] =>
  parameters.map((value) => (typeof value === 'boolean' ? Number(value) : (value as SQLInputValue)));
