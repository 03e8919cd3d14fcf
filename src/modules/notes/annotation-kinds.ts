import { randomUUID } from 'node:crypto';
import { errorCode } from '#core';
import type { ModuleRequest, ModuleResponse } from '#gateway/contract';
import { type Records, stamp, unprocessable } from '../records/index.ts';
import type { AnnotationKind } from './contract.ts';
import { readNoteTypeLimit } from './neighbours.ts';
import type { NoteType } from './note-types.ts';

/** Kinds that every tenant has. Their note types are made with the first note of the kind, so that a tenant without annotations has none of them. */
const BUILT_IN_KINDS: readonly string[] = [
  'Deploy',
  'Incident',
  'Campaign',
  'Experiment',
  'Content',
  'Configuration',
  'Measurement change',
  'Outside world',
];

/** Key of a kind: its name in small letters, with `-` for spaces. */
export const kindKey = (name: string): string => name.trim().toLowerCase().replaceAll(/\s+/g, '-');

/** The built-in kinds first, then the tenant's own by name. */
export const kindsOf = (types: readonly NoteType[]): readonly AnnotationKind[] => {
  const byKey = new Map(types.map((type) => [kindKey(type.name), type]));
  const builtIn = BUILT_IN_KINDS.map((name) => {
    const type = byKey.get(kindKey(name));
    return { key: kindKey(name), name: type?.name ?? name, id: type?.id ?? null };
  });
  const own = types
    .filter(({ name }) => !builtIn.some(({ key }) => key === kindKey(name)))
    .map(({ id, name }) => ({ key: kindKey(name), name, id }));
  return [...builtIn, ...own.toSorted((a, b) => (a.name < b.name ? -1 : 1))];
};

/** All note types of a tenant; their number is limited. */
export const allTypes = async (types: Records<NoteType>, tenant: string): Promise<readonly NoteType[]> =>
  (await types.list(tenant, { query: '', offset: 0, limit: 10_000 })).records;

/**
 * The note type that a client means by key, name or id. That of a built-in kind is made when the tenant has none yet, within the limit of
 * note types; 422 when there is no such kind or no room for it.
 */
export const findKind = async (
  request: ModuleRequest,
  types: Records<NoteType>,
  wanted: string,
  now: number,
): Promise<NoteType | ModuleResponse> => {
  const known = await allTypes(types, request.tenant);
  const matching = (all: readonly NoteType[]): NoteType | undefined =>
    all.find(({ id, name }) => id === wanted || kindKey(name) === kindKey(wanted));
  const found = matching(known);
  if (found !== undefined) return found;
  const builtIn = BUILT_IN_KINDS.find((name) => kindKey(name) === kindKey(wanted));
  if (builtIn === undefined)
    return unprocessable({
      message: `There is no kind of note like this; known are ${kindsOf(known)
        .slice(0, 40)
        .map(({ key }) => key)
        .join(', ')}`,
      code: 'VALIDATION_ERROR',
      parameters: [{ key: 'kind', value: wanted.slice(0, 100) }],
    });
  const limit = await readNoteTypeLimit(request);
  if (known.length >= limit)
    return unprocessable({
      message: `Maximum number of note types allowed is ${limit}`,
      code: 'NOTE_TYPES_LIMIT_REACHED',
      parameters: [{ key: 'limit', value: String(limit) }],
    });
  const type: NoteType = { id: randomUUID(), name: builtIn, metadata: stamp(request, now) };
  try {
    await types.add(request.tenant, type);
    return type;
  } catch (error) {
    // Somebody else has made it in this very moment.
    const made = errorCode(error) === 'RECORD_EXISTS' && matching(await allTypes(types, request.tenant));
    if (made) return made;
    throw error;
  }
};
