import type { ComponentChildren } from 'preact';
import type { Breakdown, BreakdownRow } from '#reports';
import { type VitalId, VITALS } from '#vitals';
import { MiniDistribution } from '../charts/mini-distribution.tsx';
import { formatCount, formatPercent } from '../parts/numbers.ts';
import { ChangeCell, ChangeHead } from './change-cell.tsx';
import { dimensionWord, valueWords } from './dimension-words.ts';
import { type Order, SortHead } from './sort-head.tsx';
import type { RowsBefore } from './use-rows-before.ts';
import './breakdown-table.css';

/** Rows of a breakdown: the value, page views with a bar, a mini distribution for each vital. A row is a filter. */
export const BreakdownTable = ({
  breakdown,
  vitals,
  vital,
  caption,
  onRow,
  rowHref,
  order,
  onOrder,
  impact = false,
  before,
}: {
  readonly breakdown: Breakdown;
  readonly vitals: readonly VitalId[];
  /** The one that orders by value and impact. */
  readonly vital: VitalId;
  readonly caption: string;
  /** Narrows to the row. */
  readonly onRow?: ((value: string) => void) | undefined;
  /** Leads to a page about the row instead. */
  readonly rowHref?: ((value: string) => string) | undefined;
  readonly order?: Order | undefined;
  readonly onOrder?: ((order: Order) => void) | undefined;
  readonly impact?: boolean;
  /** With a column of what changed since. */
  readonly before?: RowsBefore | undefined;
}) => {
  const { dimension, rows } = breakdown;
  const most = Math.max(0.000_1, ...rows.map(({ share }) => share));
  const worst = Math.max(1e-9, ...rows.map((row) => row.impact));
  const head = (by: Order['by'], words: ComponentChildren, isNumber = true) => (
    <SortHead by={by} order={order} onOrder={onOrder} isNumber={isNumber}>
      {words}
    </SortHead>
  );
  return (
    <div class="breakdown-scroll">
      <table class="breakdown">
        <caption class="unseen">{caption}</caption>
        <thead>
          <tr>
            {head('name', dimensionWord(dimension), false)}
            {head('views', 'Page views')}
            {impact && head('impact', `Not good in ${VITALS[vital].label}`)}
            {vitals.map((each) =>
              each === vital ? (
                <SortHead key={each} by="value" order={order} onOrder={onOrder} isNumber={false}>
                  {VITALS[each].label}
                </SortHead>
              ) : (
                <th key={each} scope="col">
                  {VITALS[each].label}
                </th>
              ),
            )}
            {before !== undefined && <ChangeHead before={before} vital={vital} />}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.value}>
              <th scope="row">
                <RowName dimension={dimension} value={row.value} onRow={onRow} rowHref={rowHref} />
              </th>
              <td class="breakdown-views" data-label="Page views">
                <span class="numbers">{formatCount(row.views)}</span>{' '}
                <span class="quiet numbers">{formatPercent(row.share)}</span>
                <i class="breakdown-bar" style={{ width: `${(row.share / most) * 100}%` }} />
              </td>
              {impact && (
                <td class="breakdown-views" data-label={`Not good in ${VITALS[vital].label}`}>
                  <span class="numbers">{formatCount(Math.round(row.impact))}</span>
                  <i class="breakdown-bar is-impact" style={{ width: `${(row.impact / worst) * 100}%` }} />
                </td>
              )}
              {vitals.map((each) => (
                <td key={each} data-label={VITALS[each].label}>
                  <MiniDistribution figures={figuresOf(row, each)} />
                </td>
              ))}
              {before !== undefined && <ChangeCell row={row} before={before} vital={vital} />}
            </tr>
          ))}
        </tbody>
        {rows.length > 1 && (
          <tfoot>
            <tr>
              <th scope="row" title="Computed from all page views, not from the rows">
                All together
              </th>
              <td class="breakdown-views numbers" data-label="Page views">
                {formatCount(breakdown.total.views)}
              </td>
              {impact && (
                <td class="breakdown-views numbers" data-label={`Not good in ${VITALS[vital].label}`}>
                  {formatCount(Math.round(breakdown.total.impact))}
                </td>
              )}
              {vitals.map((each) => (
                <td key={each} data-label={VITALS[each].label}>
                  <MiniDistribution figures={figuresOf(breakdown.total, each)} />
                </td>
              ))}
              {before !== undefined && <td />}
            </tr>
          </tfoot>
        )}
      </table>
    </div>
  );
};

const figuresOf = (row: BreakdownRow, vital: VitalId) =>
  row.vitals.find((figures) => figures.vital === vital);

const RowName = ({
  dimension,
  value,
  onRow,
  rowHref,
}: {
  readonly dimension: string;
  readonly value: string;
  readonly onRow: ((value: string) => void) | undefined;
  readonly rowHref: ((value: string) => string) | undefined;
}) => {
  const words = valueWords(dimension, value);
  if (rowHref !== undefined)
    return (
      <a class="row-name" href={rowHref(value)} title={words}>
        {words}
      </a>
    );
  if (onRow === undefined) return <span class="row-name">{words}</span>;
  return (
    <button type="button" class="row-name" title={`Only ${words}`} onClick={() => onRow(value)}>
      {words}
    </button>
  );
};
