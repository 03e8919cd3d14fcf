import type { PageViewAnswer } from '#reports';
import { startOfLane, type TimeLane } from '../../charts/time-lanes-layout.ts';
import { TimeLanes } from '../../charts/time-lanes.tsx';
import { formatDuration } from '../../parts/numbers.ts';
import { INTERACTIONS, interactionWords, laneWords, taskWords } from './lane-words.ts';
import { bySecond } from './page-lanes.ts';
import { elementName, movedWords } from './shift-words.ts';
import '../../parts/table.css';

/** What happened over time, under the waterfall and on its axis. */
export const OverTime = ({
  lanes,
  moments,
  end,
}: {
  readonly lanes: readonly TimeLane[];
  readonly moments: readonly number[];
  readonly end: number;
}) => {
  const begun = lanes.filter((lane) => startOfLane(lane) <= end);
  const later = lanes.length - begun.length;
  const shown = new Set(
    begun.flatMap((lane) => (lane.kind === 'marks' ? lane.marks.map(({ sign }) => sign) : [])),
  );
  return (
    <section class="page-view-over-time" aria-labelledby="over-time">
      <h3 id="over-time">Over time</h3>
      {begun.length > 0 && <TimeLanes lanes={begun} moments={moments} end={end} />}
      <p class="quiet waterfall-key">
        A value for each tenth of a second in which Boomerang was there to look.
        {shown.size > 0 &&
          ` Visitor: ${Object.values(INTERACTIONS)
            .filter(([sign]) => shown.has(sign))
            .map(([sign, name]) => `${sign} ${name}`)
            .join(', ')}.`}
        {later > 0 &&
          ` ${later === 1 ? 'One more begins' : `${later} more begin`} after the page had loaded.`}
      </p>
    </section>
  );
};

/** The same as tables. */
export const OverTimeTables = ({
  timeline,
  longTasks,
  interactions,
  slowEvents,
  layoutShifts,
}: PageViewAnswer) => (
  <>
    {timeline.length > 0 && (
      <Table
        title="Over time, by seconds"
        columns={['Second', ...timeline.map((lane) => laneWords(lane).name)]}
        rows={bySecond(timeline).map(({ second, values }) => [
          String(second),
          ...values.map((value, index) => {
            const lane = timeline[index];
            return value === null || lane === undefined ? '–' : secondWords(lane, value);
          }),
        ])}
      />
    )}
    {longTasks.length > 0 && (
      <Table
        title="Long tasks"
        columns={['Start', 'Duration', 'Whose']}
        rows={longTasks.map((task) => [
          formatDuration(task.start),
          formatDuration(task.duration),
          taskWords(task),
        ])}
      />
    )}
    {interactions.length > 0 && (
      <Table
        title="What the visitor did"
        columns={['At', 'What']}
        rows={interactions.map((each) => [formatDuration(each.at), interactionWords(each)])}
      />
    )}
    {slowEvents.length > 0 && (
      <Table
        title="Slow events"
        columns={['Start', 'Event', 'Until the next paint', 'Handlers', 'Interaction', 'Element']}
        rows={slowEvents.map((each) => [
          formatDuration(each.start),
          each.isFirst ? `${each.name} (first input)` : each.name,
          formatDuration(each.duration),
          formatDuration(each.processing),
          each.interaction === null ? '–' : String(each.interaction),
          each.target === '' ? '–' : each.target,
        ])}
      />
    )}
    {layoutShifts.length > 0 && (
      <Table
        title="Layout shifts"
        columns={['At', 'Value', 'Element', 'Moved']}
        rows={layoutShifts.flatMap(({ at, value, elements }) =>
          elements.length === 0
            ? [[formatDuration(at), value.toFixed(3), '–', '–']]
            : elements.map((each) => [
                formatDuration(at),
                value.toFixed(3),
                elementName(each),
                movedWords(each),
              ]),
        )}
      />
    )}
  </>
);

/** Frames of a whole second are its frames a second. */
const secondWords = (lane: PageViewAnswer['timeline'][number], value: number): string =>
  lane.name === 'fps' ? String(value) : laneWords(lane).words(value);

const Table = ({
  title,
  columns,
  rows,
}: {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}) => (
  <section class="page-view-over-time">
    <h3>{title}</h3>
    <div class="table-scroll page-view-table" tabIndex={0} role="group" aria-label={`Table: ${title}`}>
      <table class="table">
        <caption class="unseen">{title}</caption>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([first, ...rest], row) => (
            <tr key={row}>
              <th scope="row" class="numbers">
                {first}
              </th>
              {rest.map((cell, place) => (
                <td key={place} class="numbers">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </section>
);
