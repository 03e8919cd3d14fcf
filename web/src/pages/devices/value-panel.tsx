import type { BreakdownRow } from '#reports';
import { type VitalId, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { RATING_MARKS, RATING_WORDS } from '../../charts/rating-words.ts';
import { tickLabel } from '../../charts/tick-label.ts';
import { formatCount, formatPercent, formatVital } from '../../parts/numbers.ts';
import { valueWords } from '../../reports/dimension-words.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useRequest } from '../../state/use-request.ts';
import { inOrder } from './value-order.ts';
import './value-panel.css';

/** Values of a dimension that has an order: a bar for page views, a dot for the percentile on an axis with the thresholds. */
export const ValuePanel = ({
  selected,
  isAsked,
  dimension,
  title,
  note,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
  readonly dimension: string;
  readonly title: string;
  readonly note: string;
}) => {
  const { view, selection, addFilter } = selected;
  const request = reports.breakdown(selection, {
    dimension,
    vital: view.vital,
    limit: 12,
    vitals: view.vital,
  });
  const asked = useRequest(isAsked ? request : null);
  return (
    <Panel title={title} note={note} request={request}>
      <Shown asked={asked} height="200px" isEmpty={({ rows }) => rows.length === 0}>
        {({ rows }) => (
          <DotTable
            rows={inOrder(dimension, rows)}
            dimension={dimension}
            vital={view.vital}
            onRow={(value) => addFilter(dimension, value)}
          />
        )}
      </Shown>
    </Panel>
  );
};

const DotTable = ({
  rows,
  dimension,
  vital,
  onRow,
}: {
  readonly rows: readonly BreakdownRow[];
  readonly dimension: string;
  readonly vital: VitalId;
  readonly onRow: (value: string) => void;
}) => {
  const { good, poor, label } = VITALS[vital];
  const end = Math.max(
    poor * 1.25,
    ...rows.map((row) => Math.min(poor * 3, (row.vitals[0]?.value ?? 0) * 1.08)),
  );
  const at = (value: number): string => `${Math.min(100, (value / end) * 100)}%`;
  const most = Math.max(1e-9, ...rows.map(({ share }) => share));
  return (
    <table class="dots">
      <caption class="unseen">
        {label} and page views by {valueWords(dimension, dimension)}
      </caption>
      <thead>
        <tr>
          <th scope="col">
            <span class="unseen">Value</span>
          </th>
          <th scope="col" class="dots-share">
            Page views
          </th>
          <th scope="col" class="dots-axis">
            <span class="unseen">{label}</span>
            <span aria-hidden="true" class="dots-tick" style={{ left: at(good) }}>
              {tickLabel(vital, good)}
            </span>
            <span aria-hidden="true" class="dots-tick" style={{ left: at(poor) }}>
              {tickLabel(vital, poor)}
            </span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const figures = row.vitals[0];
          const rating = figures?.rating ?? null;
          return (
            <tr key={row.value}>
              <th scope="row">
                <button type="button" class="row-name" onClick={() => onRow(row.value)}>
                  {valueWords(dimension, row.value)}
                </button>
              </th>
              <td class="dots-share" title={`${formatCount(row.views)} page views`}>
                <i style={{ width: `${(row.share / most) * 48}px` }} />
                <span class="numbers">{formatPercent(row.share)}</span>
              </td>
              <td class="dots-axis">
                <i class="dots-line" style={{ left: at(good) }} />
                <i class="dots-line" style={{ left: at(poor) }} />
                {figures !== undefined && figures.value !== null && (
                  <>
                    {figures.interval !== null && (
                      <i
                        class="dots-interval"
                        style={{
                          left: at(figures.interval.low),
                          width: `calc(${at(figures.interval.high)} - ${at(figures.interval.low)})`,
                        }}
                      />
                    )}
                    <span
                      class={`dots-dot ${rating === null ? 'quiet' : `is-${rating}`} ${figures.value > end * 0.72 ? 'is-far' : ''}`}
                      style={{ left: at(figures.value) }}
                      title={
                        rating === null
                          ? `${formatCount(figures.samples)} page views: too few to rate (100 needed)`
                          : RATING_WORDS[rating]
                      }
                    >
                      <span aria-hidden="true">{rating === null ? '○' : RATING_MARKS[rating]}</span>
                      <b class="numbers">{formatVital(vital, figures.value)}</b>
                      <span class="unseen">{rating === null ? 'too few to rate' : RATING_WORDS[rating]}</span>
                    </span>
                  </>
                )}
                {(figures === undefined || figures.value === null) && <span class="quiet">–</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
};
