import { ENOUGH_TO_RATE, VITALS } from '#vitals';
import { reports } from '../api/reports.ts';
import { HeatMap } from '../charts/heat-map.tsx';
import { useRequest } from '../state/use-request.ts';
import { Panel, Shown } from './panel.tsx';
import type { Selected } from './use-selected.ts';

/** When it is slow: hours of the week. */
export const WeekHeat = ({
  selected,
  isAsked,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const { view, selection } = selected;
  const request = reports.heat(selection, view.vital, 'weekday');
  const asked = useRequest(isAsked ? request : null);
  return (
    <Panel
      class="is-wide"
      title={`${VITALS[view.vital].label} by hour and weekday`}
      note={`p${view.percentile}, hours in UTC; stronger means more page views, a hatch too few to rate.`}
      request={request}
    >
      <Shown asked={asked} height="200px" isEmpty={({ cells }) => cells.every(({ views }) => views === 0)}>
        {({ rows, columns, cells, vital }) => (
          <>
            {cells.every(({ samples }) => samples < ENOUGH_TO_RATE) && (
              <p class="week-heat-few">
                No hour of the week has {ENOUGH_TO_RATE} page views with a value, so none is rated. A longer
                period or the whole site may have.
              </p>
            )}
            <HeatMap
              label={`${VITALS[vital].name}, p${view.percentile}, by hour (UTC) and weekday`}
              vital={vital}
              kind="weekday"
              rows={rows.map((row) => row.slice(0, 3))}
              columns={columns.map((hour) => `${hour.slice(0, 2).padStart(2, '0')}:00`)}
              columnLabels={columns.map((hour, index) => (index % 6 === 0 ? hour.slice(0, 2) : ''))}
              cells={cells}
            />
          </>
        )}
      </Shown>
    </Panel>
  );
};
