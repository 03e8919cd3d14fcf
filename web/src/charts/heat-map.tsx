import { useRef, useState } from 'preact/hooks';
import { formatCount, formatPercent, formatVital } from '../parts/numbers.ts';
import { ENOUGH_TO_RATE, type VitalId } from '#vitals';
import { type HeatCell, heatGrid, type HeatPaint } from './heat-grid.ts';
import { RATING_MARKS, RATING_WORDS } from './rating-words.ts';
import { Tip } from './tip.tsx';
import './heat-map.css';

/** What a heat map shows. */
export interface HeatMapProps {
  readonly label: string;
  readonly vital: VitalId;
  /** weekday: the percentile in each hour of the week, rated; time: how page views of a step are spread over values. */
  readonly kind: 'weekday' | 'time';
  /** Full names, for the tip and for readers. */
  readonly columns: readonly string[];
  /** What is written above a column; '' nothing. */
  readonly columnLabels: readonly string[];
  readonly rows: readonly string[];
  readonly cells: readonly HeatCell[];
}

/** A table whose cells are coloured: it is the chart and its own text alternative. One cell takes the focus, arrow keys move it. */
export const HeatMap = ({ label, vital, kind, columns, columnLabels, rows, cells }: HeatMapProps) => {
  const table = useRef<HTMLTableElement>(null);
  const [focus, setFocus] = useState<readonly [row: number, column: number]>([0, 0]);
  const [tip, setTip] = useState<{ readonly words: string; readonly x: number; readonly y: number } | null>(
    null,
  );
  const grid = heatGrid(kind, vital, { rows: rows.length, columns: columns.length }, cells);
  const wordsAt = (row: number, column: number): string =>
    `${rows[row]}, ${columns[column]}: ${paintWords(vital, grid[row]?.[column] ?? { kind: 'none' })}`;
  const showAt = (cell: Element, row: number, column: number): void => {
    const { left, right, bottom } = cell.getBoundingClientRect();
    setTip({ words: wordsAt(row, column), x: (left + right) / 2, y: bottom - 6 });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const move = MOVES[event.key];
    if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    const row = Math.max(0, Math.min(rows.length - 1, focus[0] + move[0]));
    const column = Math.max(0, Math.min(columns.length - 1, focus[1] + move[1]));
    setFocus([row, column]);
    table.current?.querySelector<HTMLElement>(`[data-cell="${row} ${column}"]`)?.focus();
  };
  return (
    <div class="heat-map-scroll">
      <table
        ref={table}
        class={`heat-map heat-map-${kind}`}
        role="grid"
        aria-label={label}
        onKeyDown={onKeyDown}
        onMouseLeave={() => setTip(null)}
      >
        <thead>
          <tr>
            <th class="heat-corner">
              <span class="unseen">{kind === 'weekday' ? 'Day' : 'Value'}</span>
            </th>
            {columns.map((name, column) => (
              <th key={column} scope="col">
                <span class="unseen">{name}</span>
                <span aria-hidden="true" class="heat-column">
                  {columnLabels[column]}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {grid.map((paints, row) => (
            <tr key={row}>
              <th scope="row">{rows[row]}</th>
              {paints.map((paint, column) => (
                <td
                  key={column}
                  data-cell={`${row} ${column}`}
                  class={`heat-cell heat-${paint.kind} ${paint.kind === 'rated' ? `heat-${paint.rating}` : ''}`}
                  style={
                    'strength' in paint ? { '--strength': `${Math.round(30 + paint.strength * 70)}%` } : {}
                  }
                  tabIndex={row === focus[0] && column === focus[1] ? 0 : -1}
                  aria-label={wordsAt(row, column)}
                  onMouseEnter={(event) => showAt(event.currentTarget, row, column)}
                  onFocus={(event) => {
                    setFocus([row, column]);
                    showAt(event.currentTarget, row, column);
                  }}
                  onBlur={() => setTip(null)}
                >
                  {paint.kind === 'rated' && <span aria-hidden="true">{RATING_MARKS[paint.rating]}</span>}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {tip !== null && (
        <Tip x={tip.x} y={tip.y}>
          {tip.words}
        </Tip>
      )}
    </div>
  );
};

const MOVES: Readonly<Record<string, readonly [rows: number, columns: number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
};

const paintWords = (vital: VitalId, paint: HeatPaint): string => {
  switch (paint.kind) {
    case 'none':
      return 'no page views';
    case 'few':
      return `${formatCount(paint.samples)} page views with a value: too few to rate (${ENOUGH_TO_RATE} needed)`;
    case 'rated':
      return `${formatVital(vital, paint.value)}, ${RATING_WORDS[paint.rating]}, ${formatCount(paint.views)} page views`;
    case 'share':
      return `${formatPercent(paint.value)} of page views`;
  }
};
