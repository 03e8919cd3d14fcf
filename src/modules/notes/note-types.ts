import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#core';
import type { Database } from '#database';
import { type Handler, json, text } from '#gateway/contract';
import {
  type Fault,
  type Metadata,
  openRecords,
  readPage,
  readRecord,
  type Records,
  stamp,
  unlessTaken,
  unprocessable,
  uuid,
} from '../records/index.ts';
import { type Creator, readCreator, readNoteTypeLimit } from './neighbours.ts';
import type { Notes } from './store.ts';

/** A kind of note. */
export interface NoteType {
  readonly id: string;
  readonly name: string;
  readonly metadata: Metadata & Creator;
}

const noteTypeSchema = z.looseObject({ id: uuid.optional(), name: z.string().trim().min(1).max(255) });

const taken = (name: string): Fault => ({
  message: `Key (name)=(${name}) already exists.`,
  code: 'VALIDATION_ERROR',
});

/** Opens the note types of all tenants. */
export const openNoteTypes = (database: Database): Records<NoteType> =>
  openRecords<NoteType>(database, {
    table: 'note_types',
    fields: { id: 'id', name: 'name' },
    columns: (type) => ({ name: type.name }),
  });

/** `/note-types`: the kinds of notes of a tenant; their number is limited by its configuration. */
export const noteTypeHandlers = (
  types: Records<NoteType>,
  notes: Pick<Notes, 'isTypeUsed'>,
  clock: Clock,
): Readonly<Record<string, Handler>> => {
  const noType = (id: string) => text(404, `Note type with ID [${id}] was not found`);
  const withUsage = async (tenant: string, type: NoteType) => ({
    ...type,
    usage: { isAssigned: await notes.isTypeUsed(tenant, type.id) },
  });

  return {
    'GET /note-types': async (request) => {
      const { records, totalRecords } = await types.list(request.tenant, readPage(request));
      const noteTypes = await Promise.all(records.map((type) => withUsage(request.tenant, type)));
      return json(200, { noteTypes, totalRecords });
    },
    'POST /note-types': async (request) => {
      const read = await readRecord(request, noteTypeSchema);
      if ('refusal' in read) return read.refusal;
      const [limit, creator] = await Promise.all([readNoteTypeLimit(request), readCreator(request)]);
      const refusal = unprocessable({
        message: `Maximum number of note types allowed is ${limit}`,
        code: 'NOTE_TYPES_LIMIT_REACHED',
        parameters: [{ key: 'limit', value: String(limit) }],
      });
      if ((await types.count(request.tenant)) >= limit) return refusal;
      const { name, id = randomUUID() } = read.record;
      return unlessTaken(taken(name), async () => {
        const type = { id, name, metadata: { ...stamp(request, clock.now()), ...creator } };
        await types.add(request.tenant, type);
        // Two requests may both have seen the last free place: whoever is over the limit gives it back.
        if ((await types.count(request.tenant)) > limit) {
          await types.remove(request.tenant, id);
          return refusal;
        }
        return json(201, type, { location: `/note-types/${id}` });
      });
    },
    'GET /note-types/{id}': async ({ tenant, params: { id = '' } }) => {
      const type = await types.find(tenant, id);
      return type === undefined ? noType(id) : json(200, await withUsage(tenant, type));
    },
    'PUT /note-types/{id}': async (request) => {
      const read = await readRecord(request, noteTypeSchema);
      if ('refusal' in read) return read.refusal;
      const { id = '' } = request.params;
      const old = await types.find(request.tenant, id);
      if (old === undefined) return noType(id);
      return unlessTaken(taken(read.record.name), async () => {
        const metadata = { ...old.metadata, ...stamp(request, clock.now(), old.metadata) };
        await types.replace(request.tenant, { id, name: read.record.name, metadata });
        return { status: 204 };
      });
    },
    'DELETE /note-types/{id}': async ({ tenant, params: { id = '' } }) => {
      if (await notes.isTypeUsed(tenant, id))
        return text(400, 'Note type is assigned to a note(s) and cannot be deleted');
      return (await types.remove(tenant, id)) ? { status: 204 } : noType(id);
    },
  };
};
