import { useRef, useState } from 'preact/hooks';
import { formatDuration } from '../parts/numbers.ts';
import { AXIS, pageTime, PageTimeGrid } from './page-time.tsx';
import { outlinePath } from './paths.ts';
import { type PositionScale } from './scales.ts';
import { BUCKET_MS, runsOf, type TimeLane, wordsAt } from './time-lanes-layout.ts';
import { Tip } from './tip.tsx';
import { useWidth } from './use-width.ts';
import './time-lanes.css';

const LANE = 38;
/** Height of what is drawn within a lane. */
const INK = 28;
const CHARACTER_PX = 6.4;
/** Arrow keys go at least so far. */
const STEP_PX = 4;

/**
 * What happened over the time of a page, a lane for each thing, on the axis of the waterfall. The mouse and the arrow keys choose a moment, and all lanes
 * say what held then.
 */
export const TimeLanes = ({
  lanes,
  moments,
  end,
}: {
  readonly lanes: readonly TimeLane[];
  /** Drawn across all lanes, ms. */
  readonly moments: readonly number[];
  /** End of the axis, ms. */
  readonly end: number;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [chosen, setChosen] = useState<{
    readonly at: number;
    readonly x: number;
    readonly y: number;
  } | null>(null);
  const { names, scale } = pageTime(width, end);
  const height = AXIS + lanes.length * LANE + 2;
  const msPerPx = scale.value(names + 1) - scale.value(names);

  const choose = (at: number, y?: number): void => {
    const moment = Math.max(0, Math.min(end, at));
    const place = box.current?.getBoundingClientRect();
    setChosen({
      at: moment,
      x: (place?.left ?? 0) + scale.position(moment),
      y: y ?? (place?.top ?? 0) + AXIS,
    });
  };
  const step = Math.ceil(Math.max(BUCKET_MS, STEP_PX * msPerPx) / BUCKET_MS) * BUCKET_MS;
  const said = chosen === null ? [] : wordsOf(lanes, chosen.at, Math.max(BUCKET_MS / 2, STEP_PX * msPerPx));
  return (
    <div>
      <div
        ref={box}
        class="time-lanes"
        tabIndex={0}
        role="group"
        aria-label={`${lanes.map(({ name }) => name).join(', ')} over time. Arrow keys go along time.`}
        onKeyDown={(event) => {
          const at = chosen?.at ?? -step;
          const to = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: end }[event.key];
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          if (event.key === 'Escape' && chosen !== null) setChosen(null);
          else if (to !== undefined) choose(to);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onBlur={() => setChosen(null)}
        onPointerLeave={() => setChosen(null)}
        onPointerMove={(event) => {
          const x = event.clientX - event.currentTarget.getBoundingClientRect().left;
          if (x >= names) choose(scale.value(x), event.clientY);
          else setChosen(null);
        }}
      >
        {width > 0 && (
          <svg width={width} height={height} aria-hidden="true">
            <PageTimeGrid scale={scale} end={end} width={width - names} height={height} />
            {lanes.map((lane, index) => (
              <Lane key={lane.name} lane={lane} y={AXIS + index * LANE} {...{ width, names, scale, end }} />
            ))}
            {moments
              .filter((at) => at <= end)
              .map((at) => (
                <line
                  key={at}
                  class="time-lanes-moment"
                  x1={scale.position(at)}
                  x2={scale.position(at)}
                  y1={AXIS}
                  y2={height}
                />
              ))}
            {chosen !== null && (
              <line
                class="time-lanes-chosen"
                x1={scale.position(chosen.at)}
                x2={scale.position(chosen.at)}
                y1={AXIS - 4}
                y2={height}
              />
            )}
          </svg>
        )}
      </div>
      <p class="unseen" aria-live="polite">
        {chosen !== null && [`At ${formatDuration(chosen.at)}`, ...said].join(', ')}
      </p>
      {chosen !== null && (
        <Tip x={chosen.x} y={chosen.y}>
          <b>{formatDuration(chosen.at)}</b>
          {said.length === 0 && <div>Nothing was told of this moment</div>}
          {said.map((words, index) => (
            <div key={index}>{words}</div>
          ))}
        </Tip>
      )}
    </div>
  );
};

const wordsOf = (lanes: readonly TimeLane[], at: number, reach: number): readonly string[] =>
  lanes.flatMap((lane) => {
    const words = wordsAt(lane, at, reach);
    return words.length === 0 ? [] : [`${lane.name}: ${words.join(', ')}`];
  });

const shortened = (words: string, most: number): string =>
  words.length > most ? `${words.slice(0, most - 1)}…` : words;

const Lane = ({
  lane,
  y,
  width,
  names,
  scale,
  end,
}: {
  readonly lane: TimeLane;
  readonly y: number;
  readonly width: number;
  readonly names: number;
  readonly scale: PositionScale;
  readonly end: number;
}) => {
  const base = y + LANE - 4;
  const most = Math.max(4, Math.floor((names - 10) / CHARACTER_PX));
  return (
    <g class={`time-lane is-${lane.group}`}>
      <line class="time-lane-base" x1={0} x2={width} y1={base + 0.5} y2={base + 0.5} />
      <text class="time-lane-name" x={4} y={y + 17}>
        {shortened(lane.name, most)}
      </text>
      {lane.kind === 'area' && (
        <>
          <text class="time-lane-top" x={4} y={y + 30}>
            {shortened(`up to ${lane.words(lane.top)}`, most)}
          </text>
          {runsOf(lane.buckets, end).map((bars, run) => (
            <path
              key={run}
              class="time-lane-area"
              d={outlinePath(
                bars.map(([from, to, value]) => [
                  scale.position(from),
                  Math.max(scale.position(to), scale.position(from) + 0.5),
                  base - (Math.min(value, lane.top) / lane.top) * INK,
                ]),
                base,
              )}
            />
          ))}
        </>
      )}
      {lane.kind === 'blocks' &&
        lane.blocks
          .filter(({ from }) => from <= end)
          .map(({ from, to }, index) => (
            <rect
              key={index}
              class="time-lane-block"
              x={scale.position(from)}
              y={base - INK + 6}
              width={Math.max(2, scale.position(Math.min(end, to)) - scale.position(from))}
              height={INK - 6}
              rx={1}
            />
          ))}
      {lane.kind === 'marks' &&
        lane.marks
          .filter(({ at }) => at <= end)
          .map(({ at, sign }, index) => (
            <text key={index} class="time-lane-mark" x={scale.position(at)} y={base - 8} text-anchor="middle">
              {sign}
            </text>
          ))}
    </g>
  );
};
