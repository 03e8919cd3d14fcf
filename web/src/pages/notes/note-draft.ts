import type { Annotation, AnnotationInput, AnnotationScope } from '../../api/annotations.ts';

/** Scopes that somebody may write. */
export type WritableScope = Exclude<AnnotationScope, 'system'>;

/** A note while it is being written: texts as they stand in the fields; times to the minute, in UTC. */
export interface NoteDraft {
  readonly kind: string;
  readonly title: string;
  readonly from: string;
  /** Empty: a moment. */
  readonly to: string;
  readonly scope: WritableScope;
  readonly site: string;
  readonly content: string;
  readonly version: string;
  readonly link: string;
  readonly pageGroup: string;
  readonly device: string;
}

/** A new note at a moment or over a period (epoch ms) of a site (null: all). */
export const newDraft = (
  from: number,
  to: number | null,
  site: string | null,
  scopes: readonly WritableScope[],
): NoteDraft => {
  const wanted: WritableScope = site === null ? 'organization' : 'site';
  return {
    kind: 'deploy',
    title: '',
    from: minuteOf(from),
    to: to === null ? '' : minuteOf(to),
    scope: scopes.includes(wanted) ? wanted : (scopes[0] ?? 'personal'),
    site: site ?? '',
    content: '',
    version: '',
    link: '',
    pageGroup: '',
    device: '',
  };
};

/** A note that is there, to be changed. */
export const draftOf = (note: Annotation): NoteDraft => ({
  kind: note.kind.key,
  title: note.title,
  from: minuteOf(Date.parse(note.at)),
  to: note.to === null ? '' : minuteOf(Date.parse(note.to)),
  scope: note.scope === 'system' ? 'organization' : note.scope,
  site: note.site ?? '',
  content: note.content ?? '',
  version: note.version ?? '',
  link: note.link ?? '',
  pageGroup: note.pageGroup ?? '',
  device: note.device ?? '',
});

/** What is sent. A version can stand for the title. */
export const inputOf = (draft: NoteDraft): AnnotationInput => ({
  kind: draft.kind,
  title: draft.title.trim() === '' ? draft.version.trim() : draft.title.trim(),
  at: instantOf(draft.from),
  to: draft.to === '' ? null : instantOf(draft.to),
  scope: draft.scope,
  site: textOf(draft.site),
  content: textOf(draft.content),
  version: textOf(draft.version),
  link: textOf(draft.link),
  pageGroup: textOf(draft.pageGroup),
  device: textOf(draft.device),
});

/** What is wrong with a draft, by field; empty: it can be sent. */
export const faultsOf = (draft: NoteDraft): Readonly<Partial<Record<keyof NoteDraft, string>>> => ({
  ...(draft.title.trim() === '' && draft.version.trim() === '' && { title: 'Give the note a title.' }),
  ...(draft.from === '' && { from: 'Say when it was.' }),
  ...(draft.to !== '' && draft.to < draft.from && { to: 'The end is before the beginning.' }),
  ...(draft.scope === 'site' && draft.site.trim() === '' && { site: 'Say which site it is about.' }),
  ...(draft.link.trim() !== '' &&
    !/^https?:\/\/./.test(draft.link.trim()) && { link: 'A link begins with https://.' }),
});

const minuteOf = (time: number): string => new Date(time).toISOString().slice(0, 16);
const instantOf = (minute: string): string => `${minute}:00Z`;
const textOf = (text: string): string | null => (text.trim() === '' ? null : text.trim());
