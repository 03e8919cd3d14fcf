import type { Database } from '#database';

/** What of the measurement was in force when the product ran last, so that it notices that it has changed. */
export interface MeasurementState {
  /** null: never written. `changedAt` is epoch ms. */
  read(name: string): Promise<{ readonly value: string; readonly changedAt: number } | null>;
  write(name: string, value: string, now: number): Promise<void>;
}

type Tables = { measurement_state: { name: string; value: string; changed_at: number } };

/** Opens it over the control database. */
export const openMeasurementState = (database: Database): MeasurementState => {
  const tables = database.as<Tables>();
  return {
    read: async (name) => {
      const row = await tables
        .selectFrom('measurement_state')
        .select(['value', 'changed_at'])
        .where('name', '=', name)
        .executeTakeFirst();
      return row === undefined ? null : { value: row.value, changedAt: row.changed_at };
    },
    write: async (name, value, now) => {
      await tables
        .insertInto('measurement_state')
        .values({ name, value, changed_at: now })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ value, changed_at: now }))
        .execute();
    },
  };
};
