import { useState } from 'preact/hooks';
import { Menu } from '../parts/menu.tsx';
import { type AxisNote, placeNotes } from './marks.ts';
import { momentWords, rangeWords } from './time-labels.ts';
import { Tip } from './tip.tsx';

/** A note as charts show it. */
export interface ChartNote extends AxisNote {
  /** Its kind in words: `Deploy`. */
  readonly kind: string;
  readonly title: string;
  readonly content: string;
  /** Who wrote it, with the organization where that is another. */
  readonly author: string;
}

/** Where the plot lies in its element (px), and the time that it spans (epoch ms). */
export interface PlotFrame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

/** Marks are 24 px wide, ranges 24 px high: the least that everybody can hit (WCAG 2.5.8). */
const APART_PX = 26;
const LANE_PX = 24;

/** Notes of a mark, and where on the window they are said. */
interface Shown {
  readonly notes: readonly ChartNote[];
  readonly x: number;
  readonly y: number;
}

/** Marks of notes under the plot, with a thin line through it. Each mark is a button that says what it stands for. */
export const NoteLayer = ({
  notes,
  frame,
  onOpen,
}: {
  readonly notes: readonly ChartNote[];
  readonly frame: PlotFrame;
  readonly onOpen: ((id: string) => void) | undefined;
}) => {
  const [shown, setShown] = useState<Shown | null>(null);
  const { points, ranges } = placeNotes(notes, { ...frame, apartPx: APART_PX });
  const show = (event: Event, about: readonly ChartNote[]): void => {
    const { left, width, top } = (event.currentTarget as Element).getBoundingClientRect();
    setShown({ notes: about, x: left + width / 2, y: top });
  };
  const hide = (): void => setShown(null);
  const markProps = (about: readonly ChartNote[]) => ({
    type: 'button' as const,
    'aria-label': about.map(noteWords).join('; '),
    onMouseEnter: (event: Event) => show(event, about),
    onFocus: (event: Event) => show(event, about),
    onMouseLeave: hide,
    onBlur: hide,
  });
  return (
    <div
      class="notes-on-axis"
      style={{
        left: `${frame.left}px`,
        top: `${frame.top}px`,
        width: `${frame.width}px`,
        height: `${frame.height}px`,
      }}
    >
      {ranges.map(({ x, width, lane, note }) => (
        <span key={`band ${note.id}`} class="note-band" style={{ left: `${x}px`, width: `${width}px` }}>
          <button
            {...markProps([note])}
            onClick={() => onOpen?.(note.id)}
            class="note-range"
            style={{ top: `${LANE_PX * lane}px` }}
          />
        </span>
      ))}
      {points.map((mark) => (
        <span key={mark.notes[0]?.id} class="note-line" style={{ left: `${mark.x}px` }}>
          {mark.notes.length > 1 ? (
            <Cluster notes={mark.notes} onOpen={onOpen} />
          ) : (
            <button
              {...markProps(mark.notes)}
              onClick={() => mark.notes[0] !== undefined && onOpen?.(mark.notes[0].id)}
              class="note-mark"
            >
              {symbolOf(mark.notes[0]?.kind)}
            </button>
          )}
        </span>
      ))}
      {shown !== null && (
        <Tip x={shown.x} y={shown.y}>
          {shown.notes.slice(0, 6).map((note) => (
            <p key={note.id} class="note-words">
              <strong>{note.title}</strong>
              <span class="quiet">
                {note.kind} · {timeWords(note)} · {note.author}
              </span>
              {note.content !== '' && <span>{note.content.slice(0, 240)}</span>}
            </p>
          ))}
          {shown.notes.length > 6 && <p class="quiet">and {shown.notes.length - 6} more</p>}
        </Tip>
      )}
    </div>
  );
};

/** Notes that lie too near to each other for a mark of their own: one mark with how many they are, and each of them in its menu. */
const Cluster = ({
  notes,
  onOpen,
}: {
  readonly notes: readonly ChartNote[];
  readonly onOpen: ((id: string) => void) | undefined;
}) => (
  <Menu
    label={`${notes.length} notes`}
    words={String(notes.length)}
    kind="quiet"
    buttonClass="note-mark"
    entries={notes.map((note) => ({
      kind: 'action',
      words: note.title,
      note: `${note.kind} · ${timeWords(note)}`,
      run: () => onOpen?.(note.id),
    }))}
  />
);

const timeWords = ({ from, to }: ChartNote): string =>
  to === null ? momentWords(from) : rangeWords(from, to);

const noteWords = (note: ChartNote): string =>
  `Note: ${note.kind}, ${note.title}, ${timeWords(note)}, by ${note.author}`;

/** The first letter of the kind: enough to tell kinds apart, and needs no key. */
const symbolOf = (kind: string | undefined): string => (kind ?? '').slice(0, 1).toUpperCase() || '•';
