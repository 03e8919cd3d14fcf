import { useRef, useState } from 'preact/hooks';
import type { Resource } from '#reports';
import { fetchWords } from './fetch-words.ts';
import { AXIS, pageTime, PageTimeGrid } from './page-time.tsx';
import type { PositionScale } from './scales.ts';
import { Tip } from './tip.tsx';
import { useWidth } from './use-width.ts';
import { layoutWaterfall, type Span, type WaterfallBar, type WaterfallMoment } from './waterfall-layout.ts';
import './waterfall.css';

const ROW = 22;
const LANE = 18;
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
  end,
}: {
  readonly resources: readonly Resource[];
  readonly moments: readonly WaterfallMoment[];
  /** End of the axis, ms. */
  readonly end: number;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const width = useWidth(box);
  const [active, setActive] = useState<{
    readonly row: number;
    readonly x: number;
    readonly y: number;
  } | null>(null);
  const [isWhole, setWhole] = useState(false);
  const { names, scale } = pageTime(width, end);
  const layout = layoutWaterfall(
    resources,
    moments,
    end,
    width === 0 ? 0.1 : LABEL_PX / Math.max(120, width - names),
  );
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
            <PageTimeGrid scale={scale} end={end} width={width - names} height={height} />
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
        {shown !== undefined && fetchWords(shown.resource).join(', ')}
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
  const [address, ...facts] = fetchWords(resource);
  return (
    <div class="waterfall-tip">
      <b>{address}</b>
      {facts.map((fact) => (
        <div key={fact}>{fact}</div>
      ))}
    </div>
  );
};
