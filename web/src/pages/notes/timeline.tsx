import type { Annotation } from '../../api/annotations.ts';
import { Tag } from '../../parts/badge.tsx';
import { formatDay } from '../../parts/numbers.ts';
import { byDay } from './by-day.ts';
import { authorWords, scopeWords } from './note-view.tsx';
import './notes.css';

/** Notes day by day, the newest first; each opens. */
export const Timeline = ({
  notes,
  onOpen,
}: {
  readonly notes: readonly Annotation[];
  readonly onOpen: (id: string) => void;
}) => (
  <ol class="note-days">
    {byDay(notes).map(({ day, notes: ofDay }) => (
      <li key={day}>
        <h3>{formatDay(day)}</h3>
        <ul>
          {ofDay.map((note) => (
            <li key={note.id} class={note.hidden ? 'note-line-item is-hidden' : 'note-line-item'}>
              <time class="numbers quiet" dateTime={note.at}>
                {note.at.slice(11, 16)}
              </time>
              <button type="button" class="note-open" onClick={() => onOpen(note.id)}>
                {note.title}
              </button>
              <span class="note-tags">
                <Tag>{note.kind.name}</Tag>
                <Tag>{scopeWords(note)}</Tag>
                {note.to !== null && <Tag>until {formatDay(note.to)}</Tag>}
                {note.hidden && <Tag kind="warning">hidden</Tag>}
              </span>
              <span class="quiet">{authorWords(note)}</span>
            </li>
          ))}
        </ul>
      </li>
    ))}
  </ol>
);
