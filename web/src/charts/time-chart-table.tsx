import { formatCount, formatVital } from '../parts/numbers.ts';
import { type VitalId } from '#vitals';
import { type TimeLine } from './time-line.ts';
import { type Step, stepWords } from './time-labels.ts';

/** The time chart's numbers for those who do not see it. */
export const TimeChartTable = ({
  label,
  vital,
  lines,
  step,
}: {
  readonly label: string;
  readonly vital: VitalId;
  readonly lines: readonly TimeLine[];
  readonly step: Step;
}) => (
  <div class="unseen">
    <table>
      <caption>{label}</caption>
      <thead>
        <tr>
          <th>Time</th>
          {lines.length > 1 && <th>Line</th>}
          <th>Value</th>
          <th>95 % interval</th>
          <th>Page views</th>
        </tr>
      </thead>
      <tbody>
        {lines.flatMap((line) =>
          line.points.map((point) => (
            <tr key={`${line.name} ${point.at}`}>
              <th scope="row">{stepWords(Date.parse(point.at), step)}</th>
              {lines.length > 1 && <td>{line.name}</td>}
              <td>{point.value === null ? 'no value' : formatVital(vital, point.value)}</td>
              <td>
                {point.low === null || point.high === null
                  ? 'none'
                  : `${formatVital(vital, point.low)} to ${formatVital(vital, point.high)}`}
              </td>
              <td>{formatCount(point.views)}</td>
            </tr>
          )),
        )}
      </tbody>
    </table>
  </div>
);
