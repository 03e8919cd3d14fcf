import { useMemo } from 'preact/hooks';
import type { HeatAnswer } from '#reports';
import { rate, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { HeatMap } from '../../charts/heat-map.tsx';
import { RATING_MARKS } from '../../charts/rating-words.ts';
import { tickLabel } from '../../charts/tick-label.ts';
import { formatMoment } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useRequest } from '../../state/use-request.ts';
import './distributions.css';

/** How the spread changes with time: a column is a step, darker is where more of its page views lie. */
export const TimeHeat = ({
  selected,
  isAsked,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const { view, selection } = selected;
  const request = reports.heat(selection, view.vital, 'time');
  const asked = useRequest(isAsked ? request : null);
  return (
    <Panel
      title="How the spread changes"
      note="Each column is a step of time, each row a range of values, the slowest at the top; stronger is where more of the column's page views lie."
      request={request}
    >
      <Shown asked={asked} height="300px" isEmpty={({ rows }) => rows.length === 0}>
        {(answer) => <Heat answer={answer} />}
      </Shown>
    </Panel>
  );
};

const Heat = ({ answer }: { readonly answer: HeatAnswer }) => {
  const { rows, columns, cells, vital } = answer;
  const last = rows.length - 1;
  const turned = useMemo(() => cells.map((cell) => ({ ...cell, row: last - cell.row })), [cells, last]);
  const every = Math.max(1, Math.ceil(columns.length / (innerWidth < 600 ? 4 : 8)));
  return (
    <HeatMap
      label={`Spread of ${VITALS[vital].name} over time`}
      vital={vital}
      kind="time"
      rows={rows.map((row) => rowWords(vital, row)).toReversed()}
      columns={columns.map(formatMoment)}
      columnLabels={columns.map((at, index) => (index % every === 0 ? shortDay(at) : ''))}
      cells={turned}
    />
  );
};

const shortDay = (at: string): string =>
  new Date(at).toLocaleDateString('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

/** A row is named by its bounds, `1200–1299`. */
const rowWords = (vital: HeatAnswer['vital'], row: string): string => {
  const [from = 0, to = 0] = row.split('–').map(Number);
  return `${RATING_MARKS[rate(vital, to)]} ${tickLabel(vital, from)}`;
};
