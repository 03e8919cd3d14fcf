import type { Series } from '#reports';
import { VITALS } from '#vitals';
import { reports } from '../api/reports.ts';
import { RATING_MARKS } from '../charts/rating-words.ts';
import { tickLabel } from '../charts/tick-label.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { type Asked, useRequest } from '../state/use-request.ts';
import { NoteButton } from './note-button.tsx';
import { NoViews } from './no-views.tsx';
import { Panel, Shown } from './panel.tsx';
import type { ChartNotes } from './use-note-dialog.tsx';
import type { Selected } from './use-selected.ts';
import './trend.css';

/** The main chart: the chosen vital over time, with notes, page views and the other period. `series` comes from the page, which asks for it first. */
export const Trend = ({
  series,
  selected,
  notes: chartNotes,
}: {
  readonly series: Asked<Series>;
  readonly selected: Selected;
  readonly notes: ChartNotes;
}) => {
  const { view, compared } = selected;
  const { notes, onNewNote, onOpenNote, onCrosshair } = chartNotes;
  const isFirstThere = series.data !== undefined;
  const other = useRequest(
    compared === null || !isFirstThere
      ? null
      : reports.series(compared, view.vital, series.data?.step ?? view.step),
  );
  const vital = VITALS[view.vital];
  return (
    <Panel
      title={`${vital.name} over time`}
      note={
        <>
          p{view.percentile} with its 95 % interval, page views below.{' '}
          <span class="trend-hint">Drag to zoom{onNewNote !== undefined && ', n for a note'}.</span>
        </>
      }
      request={reports.series(selected.selection, view.vital, view.step)}
      actions={<TrendKey vital={view.vital} hasOther={compared !== null} />}
      corner={<NoteButton notes={chartNotes} />}
    >
      <Shown
        asked={series}
        height="320px"
        isEmpty={({ lines }) => lines.every(({ points }) => points.every(({ views }) => views === 0))}
        empty={<NoViews />}
      >
        {({ lines, step, vital: shown }) => (
          <TimeChart
            label={`${VITALS[shown].name} over time, p${view.percentile}`}
            vital={shown}
            percentile={view.percentile}
            step={step}
            lines={lines}
            compared={compared === null ? null : (other.data?.lines[0]?.points ?? null)}
            notes={notes}
            height={320}
            onZoom={selected.zoom}
            {...(onNewNote !== undefined && { onNewNote })}
            onOpenNote={onOpenNote}
            onCrosshair={onCrosshair}
          />
        )}
      </Shown>
    </Panel>
  );
};

/** What the bands behind the line mean. */
const TrendKey = ({ vital, hasOther }: { readonly vital: Series['vital']; readonly hasOther: boolean }) => (
  <p class="trend-key">
    <span class="is-good">
      {RATING_MARKS.good} good ≤ {tickLabel(vital, VITALS[vital].good)}
    </span>
    <span class="is-needs-improvement">{RATING_MARKS['needs-improvement']} needs work</span>
    <span class="is-poor">
      {RATING_MARKS.poor} poor &gt; {tickLabel(vital, VITALS[vital].poor)}
    </span>
    {hasOther && (
      <span class="quiet">
        <i class="trend-dash" aria-hidden="true" /> other period
      </span>
    )}
  </p>
);
