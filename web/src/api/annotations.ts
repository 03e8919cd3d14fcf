import type {
  Annotation,
  AnnotationInput,
  AnnotationKind,
  AnnotationKinds,
  AnnotationList,
  AnnotationScope,
} from '#notes';
import type { Client } from './client.ts';
import type { Request } from './request.ts';

export type { Annotation, AnnotationInput, AnnotationKind, AnnotationKinds, AnnotationList, AnnotationScope };

/** Which notes. */
export interface NotesAsked {
  /** Epoch ms, half-open. */
  readonly from: number;
  readonly to: number;
  /** Notes of this site and of none; null: all. */
  readonly site: string | null;
  /** With those that the organization has hidden. */
  readonly hasHidden?: boolean;
}

/** The notes of a period. */
export const notesRequest = ({ from, to, site, hasHidden = false }: NotesAsked): Request<AnnotationList> => ({
  path: '/annotations',
  query: [
    ['from', new Date(from).toISOString()],
    ['to', new Date(to).toISOString()],
    ...(site === null ? [] : [['site', site] as const]),
    ...(hasHidden ? [['hidden', 'with'] as const] : []),
  ],
});

/** One note. */
export const noteRequest = (id: string): Request<Annotation> => ({
  path: `/annotations/${encodeURIComponent(id)}`,
  query: [],
});

/** The kinds of notes of an organization. */
export const kindsRequest: Request<AnnotationKinds> = { path: '/annotations/kinds', query: [] };

/** Writes a new note; personal ones may be written by everybody who reads notes. */
export const postNote = (client: Client, tenant: string, note: AnnotationInput): Promise<Annotation> =>
  client.send('POST', note.scope === 'personal' ? '/annotations/mine' : '/annotations', note, { tenant });

/** Changes a note; `isMine`: by the right of whoever wrote it. */
export const putNote = (
  client: Client,
  tenant: string,
  id: string,
  note: AnnotationInput,
  isMine: boolean,
): Promise<Annotation> => client.send('PUT', pathOf(id, isMine), note, { tenant });

/** Removes a note. */
export const deleteNote = (client: Client, tenant: string, id: string, isMine: boolean): Promise<unknown> =>
  client.send('DELETE', pathOf(id, isMine), undefined, { tenant });

/** Hides a note of an umbrella organization or of the product itself, for the whole organization. */
export const hideNote = (client: Client, tenant: string, id: string, hidden: boolean): Promise<unknown> =>
  client.send('PUT', `/annotations/${encodeURIComponent(id)}/hidden`, { hidden }, { tenant });

const pathOf = (id: string, isMine: boolean): string =>
  `/annotations/${isMine ? 'mine/' : ''}${encodeURIComponent(id)}`;
