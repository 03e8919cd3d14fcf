import { z } from 'zod';
import type { Database } from '#database';
import { answer, bad, created, inLocation, missing, nothing } from './answers.ts';
import type { AdminRoutes } from './api.ts';
import { readShape } from './documents.ts';

const envSchema = z.strictObject({
  name: z.string().max(255).optional(),
  value: z.string().max(10_000).optional(),
  description: z.string().max(1_000).optional(),
});

/** A variable that started modules get. */
export interface EnvEntry {
  readonly name: string;
  readonly value: string;
  readonly description?: string | undefined;
}

type Tables = { gateway_env: { name: string; doc: string } };

/** All variables. */
export const readEnv = async (database: Database): Promise<readonly EnvEntry[]> => {
  const rows = await database.as<Tables>().selectFrom('gateway_env').select('doc').orderBy('name').execute();
  return rows.map(({ doc }) => JSON.parse(doc) as EnvEntry);
};

/** `/_/env`: variables for modules that are started by deployment. */
export const envRoutes = (database: Database): AdminRoutes => {
  const tables = database.as<Tables>();
  const find = async (name: string) => (await readEnv(database)).find((entry) => entry.name === name);
  return {
    'GET /_/env': async () => answer(200, await readEnv(database)),
    'POST /_/env': async ({ body }) => {
      const { name, value, description } = await readShape(body, envSchema);
      if (name === undefined || name === '') throw bad('missing name');
      if (value === undefined) throw bad('missing value');
      const entry: EnvEntry = { name, value, description };
      const doc = JSON.stringify(entry);
      await tables
        .insertInto('gateway_env')
        .values({ name, doc })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ doc }))
        .execute();
      return created(`/_/env/${inLocation(name)}`, entry);
    },
    'GET /_/env/{name}': async (_request, [name = '']) => {
      const entry = await find(name);
      return entry === undefined ? missing(name) : answer(200, entry);
    },
    'DELETE /_/env/{name}': async (_request, [name = '']) => {
      if ((await find(name)) === undefined) return missing(name);
      await tables.deleteFrom('gateway_env').where('name', '=', name).execute();
      return nothing;
    },
  };
};
