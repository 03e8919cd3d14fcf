import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '#core';
import { type Handler, json, type ModuleRequest, text } from '#gateway/contract';
import {
  type Fault,
  pathPart,
  readPage,
  readRecord,
  type Records,
  stamp,
  unlessTaken,
  unprocessable,
  uuid,
} from '../records/index.ts';
import { readCreator } from './neighbours.ts';
import type { NoteType } from './note-types.ts';
import type { Note, Notes } from './store.ts';

const label = z.string().min(1).max(255);
const noteSchema = z.looseObject({
  id: uuid.optional(),
  title: label,
  domain: label,
  typeId: uuid,
  content: z.string().max(100_000).optional(),
  links: z
    .array(z.looseObject({ id: label, type: label }))
    .max(1_000)
    .default([]),
});
const assignmentSchema = z.looseObject({
  notes: z.array(z.looseObject({ id: uuid, status: z.enum(['ASSIGNED', 'UNASSIGNED']) })).max(1_000),
});

const taken = (id: string): Fault => ({
  message: 'A note with this id exists already',
  code: 'VALIDATION_ERROR',
  parameters: [{ key: 'id', value: id }],
});

/** `/notes`: what somebody wrote about something. */
export const noteHandlers = (
  notes: Notes,
  types: Records<NoteType>,
  clock: Clock,
): Readonly<Record<string, Handler>> => {
  const noNote = (id: string) => text(404, `Note with ID [${id}] was not found`);
  const withType = async (tenant: string, note: Note) => ({
    ...note,
    type: (await types.find(tenant, note.typeId))?.name,
  });
  const readNote = async (request: ModuleRequest) => {
    const read = await readRecord(request, noteSchema);
    if ('refusal' in read || (await types.find(request.tenant, read.record.typeId)) !== undefined)
      return read;
    const parameters = [{ key: 'typeId', value: read.record.typeId }];
    return {
      refusal: unprocessable({ message: 'Note type was not found', code: 'VALIDATION_ERROR', parameters }),
    };
  };

  return {
    'GET /notes': async (request) => {
      const { records, totalRecords } = await notes.list(request.tenant, readPage(request));
      return json(200, {
        notes: await Promise.all(records.map((note) => withType(request.tenant, note))),
        totalRecords,
      });
    },
    'POST /notes': async (request) => {
      const read = await readNote(request);
      if ('refusal' in read) return read.refusal;
      const metadata = { ...stamp(request, clock.now()), ...(await readCreator(request)) };
      const note = { ...read.record, id: read.record.id ?? randomUUID(), metadata };
      return unlessTaken(taken(note.id), async () => {
        await notes.add(request.tenant, note);
        return json(201, await withType(request.tenant, note), { location: `/notes/${note.id}` });
      });
    },
    'GET /notes/{id}': async ({ tenant, params: { id = '' } }) => {
      const note = await notes.find(tenant, id);
      return note === undefined ? noNote(id) : json(200, await withType(tenant, note));
    },
    'PUT /notes/{id}': async (request) => {
      const read = await readNote(request);
      if ('refusal' in read) return read.refusal;
      const { id = '' } = request.params;
      const old = await notes.find(request.tenant, id);
      if (old === undefined) return noNote(id);
      const metadata = { ...old.metadata, ...stamp(request, clock.now(), old.metadata) };
      await notes.replace(request.tenant, { ...read.record, id, metadata });
      return { status: 204 };
    },
    'DELETE /notes/{id}': async ({ tenant, params: { id = '' } }) =>
      (await notes.remove(tenant, id)) ? { status: 204 } : noNote(id),
    'GET /note-links/domain/{domain}/type/{type}/id/{id}': async (request) => {
      const { tenant } = request;
      const link = { id: pathPart(request, 'id'), type: pathPart(request, 'type') };
      const linked = await notes.linkedTo(tenant, pathPart(request, 'domain'), link);
      return json(200, {
        notes: await Promise.all(linked.map((note) => withType(tenant, note))),
        totalRecords: linked.length,
      });
    },
    'PUT /note-links/type/{type}/id/{id}': async (request) => {
      const read = await readRecord(request, assignmentSchema);
      if ('refusal' in read) return read.refusal;
      const link = { id: pathPart(request, 'id'), type: pathPart(request, 'type') };
      for (const { id, status } of read.record.notes)
        await notes.assign(request.tenant, id, link, status === 'ASSIGNED');
      return { status: 204 };
    },
  };
};
