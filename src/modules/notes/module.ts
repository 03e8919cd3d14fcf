import { randomUUID } from 'node:crypto';
import type { Clock } from '#core';
import type { Database } from '#database';
import { json, type Module } from '#gateway/contract';
import type { Snapshot } from '#tenants';
import { stamp } from '../records/index.ts';
import { openAnnotations } from './annotation-store.ts';
import type { AnnotationDeps } from './annotation-writer.ts';
import { annotationHandlers } from './annotations.ts';
import { notesDescriptor } from './descriptor.ts';
import { noteTypeHandlers, openNoteTypes } from './note-types.ts';
import { noteHandlers } from './notes.ts';
import { openNotes } from './store.ts';

/** What the notes module needs. */
export interface NotesDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** The users map in force: who is an umbrella organization of whom, and how they are called. */
  readonly snapshot: () => Snapshot;
  /** The site to which an account is held (an API key for one site); null: to none. */
  readonly siteOf: AnnotationDeps['siteOf'];
  /** Whoever came by a share link, and what it shows; null: no guest. */
  readonly guestOf: AnnotationDeps['guestOf'];
}

/** The notes module: kinds of notes, notes and what they are about, and annotations, the notes on charts. */
export const createNotesModule = ({ database, clock, snapshot, siteOf, guestOf }: NotesDeps): Module => {
  const types = openNoteTypes(database);
  const notes = openNotes(database);
  const annotations = openAnnotations(database);
  const uses = {
    isTypeUsed: async (tenant: string, typeId: string) =>
      (await notes.isTypeUsed(tenant, typeId)) || (await annotations.isKindUsed(tenant, typeId)),
  };
  return {
    descriptor: notesDescriptor,
    handlers: {
      ...noteTypeHandlers(types, uses, clock),
      ...noteHandlers(notes, types, clock),
      ...annotationHandlers({ annotations, types, clock, snapshot, siteOf, guestOf }),
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
