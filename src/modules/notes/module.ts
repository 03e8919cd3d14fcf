import { randomUUID } from 'node:crypto';
import type { Clock } from '#core';
import type { Database } from '#database';
import { json, type Module } from '#gateway/contract';
import { stamp } from '../records/index.ts';
import { notesDescriptor } from './descriptor.ts';
import { noteTypeHandlers, openNoteTypes } from './note-types.ts';
import { noteHandlers } from './notes.ts';
import { openNotes } from './store.ts';

/** The notes module: kinds of notes, notes, and what they are about. In the product notes are the annotations on charts. */
export const createNotesModule = (database: Database, clock: Clock): Module => {
  const types = openNoteTypes(database);
  const notes = openNotes(database);
  return {
    descriptor: notesDescriptor,
    handlers: {
      ...noteTypeHandlers(types, notes, clock),
      ...noteHandlers(notes, types, clock),
      // Enabled for a tenant: it gets the kind of note that everybody begins with.
      'POST /_/tenant': async (request) => {
        const { module_to: target } = ((await request.body.json()) ?? {}) as { module_to?: string };
        if (target !== undefined && (await types.count(request.tenant)) === 0) {
          await types.add(request.tenant, {
            id: randomUUID(),
            name: 'General note',
            metadata: stamp(request, clock.now()),
          });
        }
        return json(200, {});
      },
    },
  };
};
