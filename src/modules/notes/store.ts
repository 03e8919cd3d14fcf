import type { Database } from '#database';
import { type Metadata, openRecords, type Records } from '../records/index.ts';
import type { Creator } from './neighbours.ts';

/** What a note is about: an object of another module, by its type and id. */
export interface Link {
  readonly id: string;
  readonly type: string;
}

/** A note. Its links are kept apart from its document. */
export interface Note {
  readonly id: string;
  readonly title: string;
  readonly domain: string;
  readonly typeId: string;
  readonly content?: string | undefined;
  readonly links: readonly Link[];
  readonly metadata: Metadata & Creator;
}

/** The notes of all tenants, each question about one tenant. */
export interface Notes extends Records<Note> {
  isTypeUsed(tenant: string, typeId: string): Promise<boolean>;
  /** Notes of a domain that are linked to an object. */
  linkedTo(tenant: string, domain: string, link: Link): Promise<readonly Note[]>;
  /** Links or unlinks a note; one that is left without any link is removed, as in mod-notes. */
  assign(tenant: string, noteId: string, link: Link, isAssigned: boolean): Promise<void>;
}

type Tables = {
  notes: { tenant: string; id: string; type_id: string; domain: string; doc: string };
  note_links: { tenant: string; note_id: string; link_type: string; link_id: string };
};

/** Opens the notes. */
export const openNotes = (database: Database): Notes => {
  const tables = database.as<Tables>();
  const records = openRecords<Note>(database, {
    table: 'notes',
    fields: { id: 'id', typeId: 'type_id', domain: 'domain', title: 'title', content: 'content' },
    columns: (note) => ({
      type_id: note.typeId,
      domain: note.domain,
      title: note.title,
      content: note.content ?? '',
      updated_at: note.metadata.updatedDate,
    }),
  });
  const relink = async (tenant: string, note: Note): Promise<void> => {
    await tables
      .deleteFrom('note_links')
      .where('tenant', '=', tenant)
      .where('note_id', '=', note.id)
      .execute();
    if (note.links.length === 0) return;
    const rows = note.links.map((link) => ({
      tenant,
      note_id: note.id,
      link_type: link.type,
      link_id: link.id,
    }));
    await tables.insertInto('note_links').values(rows).execute();
  };
  const remove = async (tenant: string, id: string): Promise<boolean> => {
    await tables.deleteFrom('note_links').where('tenant', '=', tenant).where('note_id', '=', id).execute();
    return records.remove(tenant, id);
  };

  return {
    ...records,
    add: async (tenant, note) => {
      await records.add(tenant, note);
      await relink(tenant, note);
    },
    replace: async (tenant, note) => {
      if (!(await records.replace(tenant, note))) return false;
      await relink(tenant, note);
      return true;
    },
    remove,
    isTypeUsed: async (tenant, typeId) => (await records.findBy(tenant, 'typeId', typeId)) !== undefined,
    linkedTo: async (tenant, domain, link) => {
      const rows = await tables
        .selectFrom('notes')
        .innerJoin('note_links', (join) =>
          join.onRef('note_links.tenant', '=', 'notes.tenant').onRef('note_links.note_id', '=', 'notes.id'),
        )
        .select('notes.doc')
        .where('notes.tenant', '=', tenant)
        .where('domain', '=', domain)
        .where('link_type', '=', link.type)
        .where('link_id', '=', link.id)
        .orderBy('notes.id')
        .execute();
      return rows.map(({ doc }) => JSON.parse(doc) as Note);
    },
    assign: async (tenant, noteId, link, isAssigned) => {
      const note = await records.find(tenant, noteId);
      if (note === undefined) return;
      const others = note.links.filter(({ id, type }) => id !== link.id || type !== link.type);
      const links = isAssigned ? [...others, link] : others;
      if (links.length === 0) {
        await remove(tenant, noteId);
        return;
      }
      const changed = { ...note, links };
      await records.replace(tenant, changed);
      await relink(tenant, changed);
    },
  };
};
