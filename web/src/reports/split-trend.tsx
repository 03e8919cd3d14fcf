import { useMemo } from 'preact/hooks';
import type { Series } from '#reports';
import { VITALS } from '#vitals';
import { reports } from '../api/reports.ts';
import { TimeChart } from '../charts/time-chart.tsx';
import { TimeShareBars } from '../charts/time-share-bars.tsx';
import { toggled } from '../state/extra.ts';
import { useExtraNames } from '../state/use-extra.ts';
import { useRequest } from '../state/use-request.ts';
import { NoteButton } from './note-button.tsx';
import { Panel, Shown } from './panel.tsx';
import type { ChartNotes } from './use-note-dialog.tsx';
import type { Selected } from './use-selected.ts';
import './trend.css';

interface SplitWords {
  readonly title: string;
  /** A value of the dimension as people read it. */
  readonly words: (value: string) => string;
}

/** A vital split by a dimension: a line for each value, which can be put away, and below them of which values the page views are. It is the first chart of its page. */
export const SplitTrend = ({
  title,
  note,
  dimension,
  selected,
  notes,
  words,
}: SplitWords & {
  readonly note?: string;
  readonly dimension: string;
  readonly selected: Selected;
  readonly notes: ChartNotes;
}) => {
  const { view, selection } = selected;
  const request = reports.series(selection, view.vital, view.step, dimension);
  const series = useRequest(request, 'first');
  return (
    <Panel
      title={title}
      class="is-wide"
      request={request}
      corner={<NoteButton notes={notes} />}
      {...(note !== undefined && { note })}
    >
      <Shown asked={series} height="514px" isEmpty={({ lines }) => lines.length === 0}>
        {(answer) => (
          <SplitChart
            title={title}
            words={words}
            series={answer}
            percentile={view.percentile}
            onZoom={selected.zoom}
            notes={notes}
          />
        )}
      </Shown>
    </Panel>
  );
};

const SplitChart = ({
  title,
  words,
  series,
  percentile,
  onZoom,
  notes: { notes, onNewNote, onOpenNote, onCrosshair },
}: SplitWords & {
  readonly series: Series;
  readonly percentile: number;
  readonly onZoom: (from: number, to: number) => void;
  readonly notes: ChartNotes;
}) => {
  const [hidden, setHidden] = useExtraNames('away');
  const away = [...hidden].toSorted().join('\n');
  const lines = useMemo(
    () =>
      series.lines.map(({ name, points }) => ({
        name: words(name ?? ''),
        points: hidden.has(name ?? '')
          ? points.map((point) => ({ ...point, value: null, low: null, high: null }))
          : points,
      })),
    // The set is another one each time the address is read.
    [series, away, words],
  );
  return (
    <>
      <p class="line-keys" role="group" aria-label="Lines">
        {series.lines.map(({ name }, index) => (
          <button
            key={name}
            type="button"
            aria-pressed={!hidden.has(name ?? '')}
            onClick={() => setHidden(toggled(hidden, name ?? ''))}
          >
            <svg width="22" height="8" aria-hidden="true">
              <line
                x1="1"
                x2="21"
                y1="4"
                y2="4"
                style={{ stroke: `var(--series-${(index % 8) + 1})` }}
                stroke-dasharray={DASHES[Math.floor(index / 2) % DASHES.length]}
              />
            </svg>
            {words(name ?? '')}
          </button>
        ))}
      </p>
      <TimeChart
        label={`${title}, ${VITALS[series.vital].label} p${percentile}`}
        vital={series.vital}
        percentile={percentile}
        step={series.step}
        lines={lines}
        height={300}
        onZoom={onZoom}
        notes={notes}
        {...(onNewNote !== undefined && { onNewNote })}
        onOpenNote={onOpenNote}
        onCrosshair={onCrosshair}
      />
      {series.lines.length > 1 && (
        <>
          <h3 class="split-shares">Share of page views</h3>
          <TimeShareBars
            label={`${title}: share of page views`}
            step={series.step}
            lines={series.lines.map(({ name, points }) => ({ name: words(name ?? ''), points }))}
          />
        </>
      )}
    </>
  );
};

/** As the time chart draws its lines. */
const DASHES = ['', '8 4', '2 3', '10 3 2 3'];
