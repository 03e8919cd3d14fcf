import type { Database } from '#database';

/** Descriptions of tenants: Okapi's tenants have one, the users map has no place for it. */
export interface Descriptions {
  all(): Promise<ReadonlyMap<string, string>>;
  /** undefined: none any more. */
  set(tenant: string, description: string | undefined): Promise<void>;
}

type Tables = { gateway_descriptions: { tenant: string; description: string } };

/** Opens them. */
export const openDescriptions = (database: Database): Descriptions => {
  const tables = database.as<Tables>();
  return {
    all: async () => {
      const rows = await tables.selectFrom('gateway_descriptions').selectAll().execute();
      return new Map(rows.map(({ tenant, description }) => [tenant, description]));
    },
    set: async (tenant, description) => {
      if (description === undefined) {
        await tables.deleteFrom('gateway_descriptions').where('tenant', '=', tenant).execute();
        return;
      }
      await tables
        .insertInto('gateway_descriptions')
        .values({ tenant, description })
        .onConflict((conflict) => conflict.column('tenant').doUpdateSet({ description }))
        .execute();
    },
  };
};
