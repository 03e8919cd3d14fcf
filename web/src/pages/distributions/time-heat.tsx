import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { HeatAnswer, Series } from '#reports';
import { rate, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { HeatMap } from '../../charts/heat-map.tsx';
import { RATING_MARKS } from '../../charts/rating-words.ts';
import { type SpreadBin, spreadLines } from '../../charts/spread-line.ts';
import { tickLabel } from '../../charts/tick-label.ts';
import { NoteLayer, type PlotFrame } from '../../charts/time-chart-notes.tsx';
import { useWidth } from '../../charts/use-width.ts';
import { formatMoment } from '../../parts/numbers.ts';
import { NoteButton } from '../../reports/note-button.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { ChartNotes } from '../../reports/use-note-dialog.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useRequest } from '../../state/use-request.ts';
import '../../charts/time-chart.css';
import './distributions.css';

/** How the spread changes with time: a column is a step, darker is where more of its page views lie; the percentile is a line through it. */
export const TimeHeat = ({
  selected,
  isAsked,
  notes,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
  readonly notes: ChartNotes;
}) => {
  const { view, selection } = selected;
  const request = reports.heat(selection, view.vital, 'time');
  const asked = useRequest(isAsked ? request : null);
  // Steps of heat maps are always those that fit the period.
  const line = useRequest(isAsked ? reports.series(selection, view.vital, 'auto') : null);
  return (
    <Panel
      title="How the spread changes"
      note={`Each column is a step of time, each row a range of values, the slowest at the top; stronger is where more of the column's page views lie. The line is the p${view.percentile}.`}
      request={request}
      corner={<NoteButton notes={notes} />}
    >
      <Shown asked={asked} height="300px" isEmpty={({ rows }) => rows.length === 0}>
        {(answer) => <Heat answer={answer} series={line.isStale ? undefined : line.data} notes={notes} />}
      </Shown>
    </Panel>
  );
};

const Heat = ({
  answer,
  series,
  notes,
}: {
  readonly answer: HeatAnswer;
  readonly series: Series | undefined;
  readonly notes: ChartNotes;
}) => {
  const { rows, columns, cells, vital } = answer;
  const last = rows.length - 1;
  const holder = useRef<HTMLDivElement>(null);
  const frame = useFrame(holder, answer);
  const turned = useMemo(() => cells.map((cell) => ({ ...cell, row: last - cell.row })), [cells, last]);
  const every = Math.max(1, Math.ceil(columns.length / (innerWidth < 600 ? 4 : 8)));
  return (
    <div ref={holder} class="time-heat">
      <HeatMap
        label={`Spread of ${VITALS[vital].name} over time`}
        vital={vital}
        kind="time"
        rows={rows.map((row) => rowWords(vital, row)).toReversed()}
        columns={columns.map(formatMoment)}
        columnLabels={columns.map((at, index) => (index % every === 0 ? shortDay(at) : ''))}
        cells={turned}
      />
      {frame !== null && <PercentileLine answer={answer} series={series} frame={frame} />}
      {frame !== null && <NoteLayer notes={notes.notes} frame={frame} onOpen={notes.onOpenNote} />}
    </div>
  );
};

/** Where the cells lie, and the time that they span; measured again when the width changes. */
const useFrame = (
  holder: { readonly current: HTMLDivElement | null },
  { rows, columns }: HeatAnswer,
): PlotFrame | null => {
  const width = useWidth(holder);
  const [frame, setFrame] = useState<PlotFrame | null>(null);
  const size = `${rows.length} ${columns.length} ${columns[0]}`;
  useLayoutEffect(() => {
    const cells = holder.current?.querySelectorAll('td');
    const [first, end] = [
      cells?.[0]?.getBoundingClientRect(),
      cells?.[cells.length - 1]?.getBoundingClientRect(),
    ];
    const outer = holder.current?.getBoundingClientRect();
    if (first === undefined || end === undefined || outer === undefined) return;
    const from = Date.parse(columns[0] ?? '');
    const step = columns[1] === undefined ? 60_000 : Date.parse(columns[1]) - from;
    setFrame({
      left: first.left - outer.left,
      top: first.top - outer.top,
      width: end.right - first.left,
      height: end.bottom - first.top,
      from,
      to: from + step * columns.length,
    });
  }, [width, size]);
  return frame;
};

/** The percentile of each step across the map; what it says is in the chart over time, which has a table. */
const PercentileLine = ({
  answer,
  series,
  frame,
}: {
  readonly answer: HeatAnswer;
  readonly series: Series | undefined;
  readonly frame: PlotFrame;
}) => {
  const { columns, rows, vital } = answer;
  if (series === undefined || series.vital !== vital) return null;
  const values = new Map((series.lines[0]?.points ?? []).map(({ at, value }) => [at, value]));
  const lines = spreadLines(
    rows.map(binOf),
    columns.map((at) => values.get(at) ?? null),
  );
  const x = (column: number): number => (column / columns.length) * frame.width;
  const y = (row: number): number => (1 - row / rows.length) * frame.height;
  return (
    <svg
      class="heat-line"
      aria-hidden="true"
      width={frame.width}
      height={frame.height}
      style={{ left: `${frame.left}px`, top: `${frame.top}px` }}
    >
      {lines.map((places) => {
        const points = places.map(({ column, row }) => `${x(column)},${y(row)}`).join(' ');
        return (
          <g key={points}>
            <polyline class="heat-line-edge" points={points} />
            <polyline points={points} />
          </g>
        );
      })}
    </svg>
  );
};

const shortDay = (at: string): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** A row is named by its bounds, `1200–1299`. */
const binOf = (row: string): SpreadBin => {
  const [from = 0, to = 0] = row.split('–').map(Number);
  return { from, to };
};

const rowWords = (vital: HeatAnswer['vital'], row: string): string => {
  const { from, to } = binOf(row);
  return `${RATING_MARKS[rate(vital, to)]} ${tickLabel(vital, from)}`;
};
