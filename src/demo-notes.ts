import { createHash, randomUUID } from 'node:crypto';
import type { Database } from '#database';
import type { DemoNote } from '#demo';
import { openAnnotations, openNoteTypes } from '#modules';

const KIND_NAMES: Readonly<Record<DemoNote['kind'], string>> = {
  deploy: 'Deploy',
  incident: 'Incident',
  campaign: 'Campaign',
};

/** Puts the notes of the demo's past on the charts. Those that are there already stay as they are. */
export const addDemoNotes = async (
  database: Database,
  notes: readonly DemoNote[],
  now: number,
): Promise<void> => {
  const annotations = openAnnotations(database);
  for (const note of notes) {
    const id = idOf(note);
    if ((await annotations.find(note.tenant, id)) !== undefined) continue;
    const kindName = KIND_NAMES[note.kind];
    await annotations.add(note.tenant, {
      id,
      kindId: await kindOf(database, note.tenant, kindName, now),
      kindName,
      scope: 'organization',
      site: null,
      startsAt: note.at,
      endsAt: note.until ?? note.at,
      isPeriod: note.until !== null,
      title: note.title,
      content: note.content,
      pageGroup: note.pageGroup,
      device: null,
      link: null,
      version: note.version,
      author: null,
      createdAt: now,
      updatedAt: now,
    });
  }
};

/** Takes them away again. */
export const removeDemoNotes = async (database: Database, notes: readonly DemoNote[]): Promise<void> => {
  const annotations = openAnnotations(database);
  for (const note of notes) await annotations.remove(note.tenant, idOf(note));
};

const kindOf = async (database: Database, tenant: string, name: string, now: number): Promise<string> => {
  const types = openNoteTypes(database);
  const known = await types.findBy(tenant, 'name', name);
  if (known !== undefined) return known.id;
  const id = randomUUID();
  const at = new Date(now).toISOString();
  await types.add(tenant, { id, name, metadata: { createdDate: at, updatedDate: at } });
  return id;
};

/** The same note has the same id: a UUID made of what it says. */
const idOf = ({ tenant, title, at }: DemoNote): string => {
  const hex = createHash('sha256')
    .update(JSON.stringify([tenant, title, at]))
    .digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};
