import type { Annotation } from '../../api/annotations.ts';
import { Tag } from '../../parts/badge.tsx';
import { formatMoment } from '../../parts/numbers.ts';
import { BeforeAfter } from './before-after.tsx';
import { SCOPE_WORDS } from './scopes.ts';

/** All that a note says, with what happened before and after it. */
export const NoteView = ({
  note,
  hasReports,
}: {
  readonly note: Annotation;
  readonly hasReports: boolean;
}) => (
  <article class="note-view">
    <p class="note-tags">
      <Tag>{note.kind.name}</Tag>
      <Tag>{scopeWords(note)}</Tag>
      {note.hidden && <Tag kind="warning">Hidden here</Tag>}
    </p>
    <p class="numbers">
      <time dateTime={note.at}>{formatMoment(note.at)}</time>
      {note.to !== null && (
        <>
          {' to '}
          <time dateTime={note.to}>{formatMoment(note.to)}</time>
        </>
      )}{' '}
      <span class="quiet">UTC</span>
    </p>
    {note.content !== null && <p class="note-content">{note.content}</p>}
    <dl class="note-facts">
      <Fact name="Version" value={note.version} />
      <Fact name="Page group" value={note.pageGroup} />
      <Fact name="Device" value={note.device} />
      {note.link !== null && (
        <>
          <dt>Link</dt>
          <dd>
            <a href={safeLink(note.link)} rel="noopener nofollow" target="_blank">
              {note.link}
            </a>
          </dd>
        </>
      )}
      <Fact name="By" value={authorWords(note)} />
    </dl>
    {hasReports && <BeforeAfter note={note} />}
  </article>
);

/** Who wrote it: both names where somebody acted for another organization. */
export const authorWords = ({ author, organization }: Annotation): string => {
  if (author === null) return 'Rumbrella';
  return author.organization.id === organization.id
    ? author.name
    : `${author.name} of ${author.organization.name}, for ${organization.name}`;
};

/** The scope in words; whose note it is when it comes from an umbrella organization. */
export const scopeWords = ({ scope, site, organization }: Annotation): string => {
  if (scope === 'consortium') return `Consortium: ${organization.name}`;
  return scope === 'site' && site !== null ? site : SCOPE_WORDS[scope];
};

const Fact = ({ name, value }: { readonly name: string; readonly value: string | null }) =>
  value === null ? null : (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );

/** What is kept was checked; a link is looked at again before it can be followed. */
const safeLink = (link: string): string => (/^https?:\/\//i.test(link) ? link : '#');
