import { useRef, useState } from 'preact/hooks';
import type { Resource } from '#reports';
import { formatBytes, formatDuration } from '../parts/numbers.ts';
import { linearScale, type PositionScale } from './scales.ts';
import { linearTicks } from './ticks.ts';
import { Tip } from './tip.tsx';
import { useWidth } from './use-width.ts';
import { layoutWaterfall, type Span, type WaterfallBar, type WaterfallMoment } from './waterfall-layout.ts';
import './waterfall.css';

const ROW = 22;
const LANE = 18;
const AXIS = 22;
const TICK_PX = 110;
const LABEL_PX = 86;
/** More are drawn when one asks for them. */
const FIRST_ROWS = 60;

/**
 * The fetches of a page as bars over time, with the moments of the page across them. Arrow keys go from one to the next and say what it was; the same
 * stands in a table (`FetchTable`) for those who rather read. Addresses are text from outside and only ever texts here.
 */
export const Waterfall = ({
  resources,
  moments,
  until,
}: {
  readonly resources: readonly Resource[];
  readonly moments: readonly WaterfallMoment[];
  /** End of the axis in ms; null: the last of all. */
  readonly until: number | null;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<{
    readonly row: number;
    readonly x: number;
    readonly y: number;
  } | null>(null);
  const [isWhole, setWhole] = useState(false);
  const names = Math.round(Math.min(280, Math.max(104, width * 0.3)));
  const layout = layoutWaterfall(
    resources,
    moments,
    until,
    width === 0 ? 0.1 : LABEL_PX / Math.max(120, width - names),
  );
  const scale = linearScale(0, layout.end, names, Math.max(names + 40, width - 8));
  const rows = isWhole ? layout.bars : layout.bars.slice(0, FIRST_ROWS);
  const top = AXIS + layout.lanes * LANE + 6;
  const height = top + rows.length * ROW + 6;
  const shown = active === null ? undefined : rows[active.row];

  const goTo = (row: number): void => {
    const next = Math.max(0, Math.min(rows.length - 1, row));
    const element = box.current?.querySelector(`[data-row="${next}"]`);
    element?.scrollIntoView({ block: 'nearest' });
    const place = element?.getBoundingClientRect();
    setActive({ row: next, x: (place?.left ?? 0) + names, y: place?.bottom ?? 0 });
  };
  return (
    <div>
      <div
        ref={box}
        class="waterfall"
        tabIndex={0}
        role="group"
        aria-label={`Waterfall of ${layout.bars.length} fetches. Arrow keys go from one to the next.`}
        onKeyDown={(event) => {
          const row = active?.row ?? -1;
          const to = { ArrowDown: row + 1, ArrowUp: row - 1, Home: 0, End: rows.length - 1 }[event.key];
          if (event.key === 'Escape' && active !== null) setActive(null);
          else if (to !== undefined) goTo(to);
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
        onBlur={() => setActive(null)}
        onPointerLeave={() => setActive(null)}
      >
        {width > 0 && (
          <svg width={width} height={height} aria-hidden="true">
            <Grid scale={scale} end={layout.end} width={width - names} height={height} />
            {layout.moments.map(({ label, at, lane, isBefore }) => (
              <g key={`${label} ${at}`} class="waterfall-moment">
                <line
                  x1={scale.position(at)}
                  x2={scale.position(at)}
                  y1={AXIS + lane * LANE + 4}
                  y2={height}
                />
                <text
                  x={scale.position(at) + (isBefore ? -4 : 4)}
                  y={AXIS + lane * LANE + 14}
                  text-anchor={isBefore ? 'end' : 'start'}
                >
                  {label}
                </text>
              </g>
            ))}
            {rows.map((bar, row) => (
              <Row
                key={row}
                bar={bar}
                row={row}
                y={top + row * ROW}
                width={width}
                names={names}
                scale={scale}
                isActive={active?.row === row}
                onPoint={(x, y) => setActive({ row, x, y })}
              />
            ))}
          </svg>
        )}
      </div>
      <p class="unseen" aria-live="polite">
        {shown !== undefined && detailsOf(shown.resource).join(', ')}
      </p>
      {active !== null && shown !== undefined && (
        <Tip x={active.x} y={active.y}>
          <Details resource={shown.resource} />
        </Tip>
      )}
      {layout.bars.length > rows.length && (
        <p class="waterfall-more">
          <button type="button" class="table-row-button" onClick={() => setWhole(true)}>
            Show all {layout.bars.length} fetches
          </button>
        </p>
      )}
    </div>
  );
};

/** The fetches as a table. */
export const FetchTable = ({ resources }: { readonly resources: readonly Resource[] }) => (
  <div class="table-scroll" tabIndex={0} role="group" aria-label="Table of fetches">
    <table class="table fetch-table">
      <caption class="unseen">Fetches by their start</caption>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col">Kind</th>
          {['Start', 'Request', 'First byte', 'End', 'On the wire'].map((title) => (
            <th key={title} scope="col" class="is-number">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {resources.map(({ url, kind, start, requestStart, responseStart, end, transferBytes }, row) => (
          <tr key={row}>
            <th scope="row">{url}</th>
            <td>{kind}</td>
            {[start, requestStart, responseStart, end].map((at, place) => (
              <td key={place} class="is-number">
                {formatDuration(at)}
              </td>
            ))}
            <td class="is-number">{sizeWords(transferBytes)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

const Grid = ({
  scale,
  end,
  width,
  height,
}: {
  readonly scale: PositionScale;
  readonly end: number;
  readonly width: number;
  readonly height: number;
}) => (
  <g class="waterfall-grid">
    {linearTicks(0, end, Math.max(2, Math.floor(width / TICK_PX))).map((tick) => (
      <g key={tick}>
        <line x1={scale.position(tick)} x2={scale.position(tick)} y1={AXIS - 4} y2={height} />
        <text x={scale.position(tick) + 3} y={12}>
          {tick === 0 ? '0' : formatDuration(tick)}
        </text>
      </g>
    ))}
  </g>
);

const Row = ({
  bar,
  row,
  y,
  width,
  names,
  scale,
  isActive,
  onPoint,
}: {
  readonly bar: WaterfallBar;
  readonly row: number;
  readonly y: number;
  readonly width: number;
  readonly names: number;
  readonly scale: PositionScale;
  readonly isActive: boolean;
  readonly onPoint: (x: number, y: number) => void;
}) => {
  const { name, tag, queued, waiting, loading, resource } = bar;
  const most = Math.max(4, Math.floor((names - 52) / 6.6));
  return (
    <g
      data-row={row}
      class={`waterfall-row is-${resource.kind}${isActive ? ' is-active' : ''}`}
      onPointerMove={(event) => onPoint(event.clientX, event.clientY)}
    >
      <rect class="waterfall-back" x={0} y={y} width={width} height={ROW} />
      <text class="waterfall-tag" x={4} y={y + 15}>
        {tag}
      </text>
      <svg x={46} y={y} width={names - 52} height={ROW} overflow="hidden">
        <text class="waterfall-name" y={15}>
          {name.length > most ? `${name.slice(0, most - 1)}…` : name}
        </text>
      </svg>
      {queued !== null && <Bar span={queued} scale={scale} y={y + 10} height={2} part="queued" />}
      {waiting !== null && <Bar span={waiting} scale={scale} y={y + 6} height={10} part="waiting" />}
      <Bar span={loading} scale={scale} y={y + 4} height={14} part="loading" />
    </g>
  );
};

const Bar = ({
  span,
  scale,
  y,
  height,
  part,
}: {
  readonly span: Span;
  readonly scale: PositionScale;
  readonly y: number;
  readonly height: number;
  readonly part: string;
}) => (
  <rect
    class={`waterfall-bar is-${part}`}
    x={scale.position(span.from)}
    y={y}
    width={Math.max(part === 'loading' ? 2 : 0, scale.position(span.to) - scale.position(span.from))}
    height={height}
    rx={1}
  />
);

const Details = ({ resource }: { readonly resource: Resource }) => {
  const [address, ...facts] = detailsOf(resource);
  return (
    <div class="waterfall-tip">
      <b>{address}</b>
      {facts.map((fact) => (
        <div key={fact}>{fact}</div>
      ))}
    </div>
  );
};

const detailsOf = ({ url, kind, start, requestStart, responseStart, end, transferBytes }: Resource) => [
  url.length > 160 ? `${url.slice(0, 159)}…` : url,
  `${kind}, from ${formatDuration(start)} to ${formatDuration(end)}: ${formatDuration(end - start)}`,
  ...(requestStart === null ? [] : [`queued ${formatDuration(requestStart - start)}`]),
  ...(responseStart === null
    ? ['the browser does not tell its parts']
    : [
        `waited ${formatDuration(responseStart - (requestStart ?? start))}`,
        `loaded ${formatDuration(end - responseStart)}`,
      ]),
  ...(transferBytes === null ? [] : [sizeWords(transferBytes)]),
];

const sizeWords = (bytes: number | null): string => (bytes === 0 ? 'from cache' : formatBytes(bytes));
