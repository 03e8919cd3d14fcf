import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type VitalId, VITALS } from '#vitals';
import { readColours, useThemeVersion } from './theme-colours.ts';
import { middleOfStep, timeChartData, timeChartOptions, type ValueEnds } from './time-chart-options.ts';
import { type ChartNote, NoteLayer, type PlotFrame } from './time-chart-notes.tsx';
import { TimeChartReadout } from './time-chart-readout.tsx';
import { TimeChartTable } from './time-chart-table.tsx';
import { columnsOf, type TimeLine, type TimePoint, valueRange } from './time-line.ts';
import { lengthOfStep, type Step } from './time-labels.ts';
import { useWidth } from './use-width.ts';
import './time-chart.css';

/** What the time chart shows. */
export interface TimeChartProps {
  /** What it is, for those who do not see it: `LCP over time, p75`. */
  readonly label: string;
  readonly vital: VitalId;
  readonly percentile: number;
  readonly step: Step;
  readonly lines: readonly TimeLine[];
  /** The line of the period to compare with. */
  readonly compared?: readonly TimePoint[] | null;
  readonly notes?: readonly ChartNote[];
  readonly height?: number;
  /** A range was drawn: a smaller period is wanted (epoch ms, whole steps). */
  readonly onZoom?: (from: number, to: number) => void;
  /** A note is wanted at a moment, or for a range (epoch ms). */
  readonly onNewNote?: (from: number, to: number | null) => void;
  readonly onOpenNote?: (id: string) => void;
  /** The crosshair moved to a step (epoch ms); null: away. */
  readonly onCrosshair?: (at: number | null) => void;
}

/**
 * Lines over time with the interval, thresholds as soft bands, page views below, and notes on the axis. `←` `→` move the crosshair (with Shift by
 * seven steps), `Home` and `End` to the ends, `n` or a double or right click makes a note, dragging zooms, dragging with Shift makes
 * a note for a range. All is in a table for those who do not see it.
 */
export const TimeChart = (props: TimeChartProps) => {
  const { vital, lines, step, height = 300, notes = [] } = props;
  const root = useRef<HTMLDivElement>(null);
  const holder = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const width = useWidth(holder);
  const theme = useThemeVersion();
  const [index, setIndex] = useState<number | null>(null);
  const [frame, setFrame] = useState<PlotFrame | null>(null);
  const isShiftHeld = useRef(false);
  const latest = useRef(props);
  latest.current = props;

  const compared = props.compared ?? null;
  const columns = useMemo(() => columnsOf(lines, compared), [lines, compared]);
  const ends = useRef<ValueEnds>({ top: 1, bottom: 0 });
  ends.current = useMemo(() => valueRange(columns, VITALS[vital].good), [columns, vital]);
  const columnsNow = useRef(columns);
  columnsNow.current = columns;

  const lineCount = lines.length;
  const hasNotes = notes.length > 0;
  useLayoutEffect(() => {
    if (holder.current === null || width === 0) return undefined;
    const colours = readColours(holder.current);
    const look = { vital, lineCount, width, height, colours, hasNotes, stepMs: lengthOfStep(step) };
    const made = new uPlot(
      timeChartOptions(look, () => ends.current, {
        onCursor: (at) => {
          setIndex(at);
          const time = at === null ? undefined : columnsNow.current.times[at];
          latest.current.onCrosshair?.(time === undefined ? null : middleMs(time));
        },
        onRange: (from, to) => {
          if (isShiftHeld.current) latest.current.onNewNote?.(toMinute(from), toMinute(to));
          else latest.current.onZoom?.(...wholeSteps(from, to, latest.current.step));
        },
        onFrame: (drawn) => setFrame((before) => frameOf(drawn, before)),
      }),
      timeChartData(columnsNow.current, lengthOfStep(step)),
      holder.current,
    );
    plot.current = made;
    return () => {
      plot.current = null;
      made.destroy();
    };
  }, [vital, lineCount, width, height, theme, hasNotes, step]);
  useLayoutEffect(() => plot.current?.setData(timeChartData(columns, lengthOfStep(step))), [columns, step]);

  const middleMs = (time: number): number =>
    Math.min(Date.now(), middleOfStep(time, lengthOfStep(latest.current.step)) * 1_000);
  const moveTo = (next: number): void => {
    const drawn = plot.current;
    const last = columns.times.length - 1;
    const time = columns.times[Math.max(0, Math.min(last, next))];
    if (drawn === null || time === undefined) return;
    drawn.setCursor({ left: drawn.valToPos(middleOfStep(time, lengthOfStep(step)), 'x'), top: 0 });
  };
  const newNoteAt = (at: number | undefined): void => {
    if (at !== undefined) props.onNewNote?.(toMinute(at), null);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target !== root.current) return;
    const last = columns.times.length - 1;
    const by = event.shiftKey ? 7 : 1;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => moveTo((index ?? last + 1) - by),
      ArrowRight: () => moveTo((index ?? -1) + by),
      Home: () => moveTo(0),
      End: () => moveTo(last),
      n: () => newNoteAt(middleMs(columns.times[index ?? last] ?? 0)),
    };
    const move = moves[event.key];
    if (move === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };
  const onPointNote = (event: MouseEvent): void => {
    if (props.onNewNote === undefined || plot.current === null) return;
    const over = plot.current.over.getBoundingClientRect();
    const inside = event.clientX >= over.left && event.clientX <= over.right && event.clientY <= over.bottom;
    if (!inside || (event.target as Element).closest('button') !== null) return;
    event.preventDefault();
    newNoteAt(plot.current.posToVal(event.clientX - over.left, 'x') * 1_000);
  };

  return (
    <div class="time-chart" style={{ minHeight: `${height}px` }}>
      <div
        ref={root}
        class="time-chart-plot"
        role="application"
        tabIndex={0}
        aria-roledescription="chart"
        aria-label={`${props.label}. Arrow keys move along the steps${props.onNewNote === undefined ? '' : ', n makes a note'}.`}
        onKeyDown={onKeyDown}
        onBlur={() => setIndex(null)}
        onMouseDownCapture={(event) => {
          isShiftHeld.current = event.shiftKey && props.onNewNote !== undefined;
          root.current?.classList.toggle('is-marking', isShiftHeld.current);
        }}
        onDblClick={onPointNote}
        onContextMenu={onPointNote}
      >
        <div ref={holder} class="time-chart-canvas" />
        {frame !== null && <NoteLayer notes={notes} frame={frame} onOpen={props.onOpenNote} />}
        {frame !== null && index !== null && (
          <TimeChartReadout
            {...props}
            compared={compared}
            columns={columns}
            index={index}
            frame={frame}
            ends={ends.current}
          />
        )}
      </div>
      <TimeChartTable label={props.label} vital={vital} lines={lines} step={step} />
    </div>
  );
};

const toMinute = (at: number): number => Math.round(at / 60_000) * 60_000;

const wholeSteps = (from: number, to: number, step: Step): [from: number, to: number] => {
  const length = lengthOfStep(step);
  // Weeks begin on Monday, the epoch was a Thursday.
  const origin = step === 'week' ? 4 * 86_400_000 : 0;
  const start = Math.floor((from - origin) / length) * length + origin;
  return [start, Math.max(start + length, Math.ceil((to - origin) / length) * length + origin)];
};

const frameOf = (drawn: uPlot, before: PlotFrame | null): PlotFrame => {
  const ratio = uPlot.pxRatio;
  const next = {
    left: drawn.bbox.left / ratio,
    top: drawn.bbox.top / ratio,
    width: drawn.bbox.width / ratio,
    height: drawn.bbox.height / ratio,
    from: (drawn.scales['x']?.min ?? 0) * 1_000,
    to: (drawn.scales['x']?.max ?? 1) * 1_000,
  };
  const isSame =
    before !== null && (Object.keys(next) as (keyof PlotFrame)[]).every((key) => before[key] === next[key]);
  return isSame ? before : next;
};
