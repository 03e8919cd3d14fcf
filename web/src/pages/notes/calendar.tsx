import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Annotation } from '../../api/annotations.ts';
import { Button } from '../../parts/button.tsx';
import { formatDay } from '../../parts/numbers.ts';
import { dayByKey, monthAfter, notesOn, weeksOf } from './month-grid.ts';
import { Timeline } from './timeline.tsx';
import './calendar.css';

/** A month of notes as a grid of days; the chosen day's notes stand below. Arrow keys go from day to day, Page Up and Page Down by months. */
export const Calendar = ({
  month,
  day: chosen,
  today,
  notes,
  onDay,
  onOpen,
  onNew,
}: {
  /** `2026-11` */
  readonly month: string;
  /** `2026-11-22`, a day of the month. */
  readonly day: string;
  readonly today: string;
  /** All that touch the weeks of the month. */
  readonly notes: readonly Annotation[];
  /** Perhaps of another month. */
  readonly onDay: (day: string) => void;
  readonly onOpen: (id: string) => void;
  /** undefined: the caller may write none. */
  readonly onNew: ((day: string) => void) | undefined;
}) => {
  const grid = useRef<HTMLTableElement>(null);
  const isByKey = useRef(false);
  useLayoutEffect(() => {
    if (isByKey.current) grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
    isByKey.current = false;
  }, [chosen]);
  const ofDay = notesOn(notes, chosen);

  return (
    <div class="calendar">
      <div class="calendar-head">
        <Button icon="left" label="Month before" onClick={() => onDay(monthAfter(chosen, -1))} />
        <h3 aria-live="polite">{MONTH.format(new Date(`${month}-01`))}</h3>
        <Button icon="right" label="Month after" onClick={() => onDay(monthAfter(chosen, 1))} />
      </div>
      <table
        ref={grid}
        class="calendar-grid"
        role="grid"
        aria-label={`Notes of ${MONTH.format(new Date(`${month}-01`))}`}
        onKeyDown={(event) => {
          const next = dayByKey(event.key, chosen);
          if (next === null || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
          // Elsewhere arrow keys change the period.
          event.preventDefault();
          isByKey.current = true;
          onDay(next);
        }}
      >
        <thead>
          <tr>
            {WEEKDAYS.map(([short, long]) => (
              <th key={short} scope="col" abbr={long}>
                {short}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeksOf(month).map((week) => (
            <tr key={week[0]}>
              {week.map((day) => (
                <td key={day} role="gridcell" aria-selected={day === chosen}>
                  <Day
                    day={day}
                    notes={notesOn(notes, day)}
                    isChosen={day === chosen}
                    isToday={day === today}
                    isOfMonth={day.startsWith(month)}
                    onChoose={() => onDay(day)}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <section class="calendar-day" aria-live="polite" aria-label={`Notes of ${formatDay(chosen)}`}>
        {ofDay.length > 0 ? (
          <Timeline notes={ofDay} onOpen={onOpen} />
        ) : (
          <p class="quiet">No note on {formatDay(chosen)}.</p>
        )}
        {onNew !== undefined && (
          <div>
            <Button icon="plus" onClick={() => onNew(chosen)}>
              New note on this day
            </Button>
          </div>
        )}
      </section>
    </div>
  );
};

const Day = ({
  day,
  notes,
  isChosen,
  isToday,
  isOfMonth,
  onChoose,
}: {
  readonly day: string;
  readonly notes: readonly Annotation[];
  readonly isChosen: boolean;
  readonly isToday: boolean;
  readonly isOfMonth: boolean;
  readonly onChoose: () => void;
}) => {
  const words = notes.length === 0 ? '' : `, ${notes.length} ${notes.length === 1 ? 'note' : 'notes'}`;
  return (
    <button
      type="button"
      class={['calendar-cell', isOfMonth ? '' : 'is-other', isToday ? 'is-today' : ''].join(' ').trim()}
      tabIndex={isChosen ? 0 : -1}
      onClick={onChoose}
    >
      <span class="unseen">
        {formatDay(day)}
        {isToday && ', today'}
        {words}
      </span>
      <span class="calendar-number numbers" aria-hidden="true">
        {Number(day.slice(8))}
      </span>
      {notes.slice(0, MOST_TITLES).map((note) => (
        <span key={note.id} class={note.hidden ? 'calendar-note is-hidden' : 'calendar-note'}>
          {note.title}
        </span>
      ))}
      {notes.length > MOST_TITLES && <span class="calendar-more">{notes.length - MOST_TITLES} more</span>}
      {notes.length > 0 && (
        <span class="calendar-count numbers" aria-hidden="true">
          {notes.length}
        </span>
      )}
    </button>
  );
};

const MOST_TITLES = 2;
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const WEEKDAYS = [
  ['Mon', 'Monday'],
  ['Tue', 'Tuesday'],
  ['Wed', 'Wednesday'],
  ['Thu', 'Thursday'],
  ['Fri', 'Friday'],
  ['Sat', 'Saturday'],
  ['Sun', 'Sunday'],
] as const;
