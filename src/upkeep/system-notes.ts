import { createHash } from 'node:crypto';
import type { StoredAnnotation } from '#modules';

/** A kind that every organization has; no note type of its own is made for it, so it counts towards no limit. */
const KIND = { kindId: 'system', kindName: 'Measurement change' } as const;

/** What the product has to say of a moment or a time (epoch ms). */
export interface SystemNote {
  /** The same for the same event, so that it is written once, whoever finds it how often. */
  readonly id: string;
  /** Default: all sites. */
  readonly site?: string;
  readonly startsAt: number;
  /** Default: a moment. */
  readonly endsAt?: number;
  readonly title: string;
  readonly content: string;
  readonly version?: string;
}

/** A note of the product itself: nobody's to change, and to be hidden by editors. */
export const systemNote = (note: SystemNote, now: number): StoredAnnotation => ({
  ...KIND,
  id: note.id,
  scope: 'system',
  site: note.site ?? null,
  startsAt: note.startsAt,
  endsAt: note.endsAt ?? note.startsAt,
  isPeriod: note.endsAt !== undefined,
  title: note.title,
  content: note.content,
  pageGroup: null,
  device: null,
  link: null,
  version: note.version ?? null,
  author: null,
  createdAt: now,
  updatedAt: now,
});

/** The id of the note about an event that these facts name; 32 hexadecimal digits. */
export const noteId = (...facts: readonly (string | number)[]): string =>
  createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
