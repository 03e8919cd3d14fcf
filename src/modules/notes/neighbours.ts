import type { ModuleRequest } from '#gateway/contract';

/** How many note types a tenant may have when its configuration does not say. Source: mod-notes. */
export const DEFAULT_NOTE_TYPE_LIMIT = 25;

const LIMIT_QUERY = 'module==NOTES AND configName==note-type-limit';

/**
 * The limit of note types: asked from the configuration module through the gateway, as step (C) of the worked example. Whatever is not one
 * enabled entry with a whole number is the default.
 */
export const readNoteTypeLimit = async (request: ModuleRequest): Promise<number> => {
  const answer = await request.call({
    method: 'GET',
    path: `/configurations/entries?query=${encodeURIComponent(LIMIT_QUERY)}`,
  });
  if (answer.status !== 200) return DEFAULT_NOTE_TYPE_LIMIT;
  const { configs } = answer.json() as { configs: readonly { enabled?: boolean; value?: string }[] };
  const enabled = configs.filter((entry) => entry.enabled !== false);
  const value = Number(enabled.length === 1 ? enabled[0]?.value : Number.NaN);
  return Number.isInteger(value) && value >= 0 ? value : DEFAULT_NOTE_TYPE_LIMIT;
};

/** Names of who made a record. */
export interface Creator {
  readonly createdByUsername?: string;
  readonly createdBy?: { readonly lastName?: string; readonly firstName?: string };
}

/**
 * The acting user's names: asked from the users module through the gateway, as step (D) of the worked example. The users module is executed where
 * the user belongs. Without an answer the names are left out: the record is the user's all the same.
 */
export const readCreator = async (request: ModuleRequest): Promise<Creator> => {
  if (request.userId === null) return {};
  const answer = await request.call({ method: 'GET', path: `/users/${encodeURIComponent(request.userId)}` });
  if (answer.status !== 200) return {};
  const user = answer.json() as { username?: string; personal?: { lastName?: string; firstName?: string } };
  const { lastName, firstName } = user.personal ?? {};
  return {
    ...(user.username !== undefined && { createdByUsername: user.username }),
    ...(user.personal !== undefined && {
      createdBy: {
        ...(lastName !== undefined && { lastName }),
        ...(firstName !== undefined && { firstName }),
      },
    }),
  };
};
