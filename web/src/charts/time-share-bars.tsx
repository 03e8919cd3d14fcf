import { formatCount, formatPercent } from '../parts/numbers.ts';
import { type Step, stepWords } from './time-labels.ts';
import { type CountedLine, timeShares } from './time-shares.ts';
import './time-share-bars.css';

/** A column for each step of time, divided by the shares of the lines, in the colours that the lines have; its numbers are in a table for those who do not see it. */
export const TimeShareBars = ({
  label,
  lines,
  step,
}: {
  readonly label: string;
  readonly lines: readonly CountedLine[];
  readonly step: Step;
}) => {
  const steps = timeShares(lines);
  const wordsOf = (at: string): string => stepWords(Date.parse(at), step);
  const [first, last] = [steps[0], steps.at(-1)];
  return (
    <figure class="time-shares">
      <div class="time-share-bars" aria-hidden="true">
        {steps.map(({ at, views, shares }) => (
          <div key={at} title={tipOf(wordsOf(at), views, lines, shares)}>
            {views === 0 && <span class="is-empty" />}
            {shares.map((share, line) =>
              share === 0 ? null : (
                <i
                  key={lines[line]?.name}
                  style={{ flex: share, background: `var(--series-${(line % 8) + 1})` }}
                />
              ),
            )}
          </div>
        ))}
      </div>
      {first !== undefined && last !== undefined && (
        <figcaption class="time-share-ends" aria-hidden="true">
          <span>{wordsOf(first.at)}</span>
          <span>{wordsOf(last.at)}</span>
        </figcaption>
      )}
      <div class="unseen">
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <th>Time</th>
              <th>Page views</th>
              {lines.map(({ name }) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {steps.map(({ at, views, shares }) => (
              <tr key={at}>
                <th scope="row">{wordsOf(at)}</th>
                <td>{formatCount(views)}</td>
                {shares.map((share, line) => (
                  <td key={lines[line]?.name}>{views === 0 ? '–' : formatPercent(share)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
};

const tipOf = (
  when: string,
  views: number,
  lines: readonly CountedLine[],
  shares: readonly number[],
): string =>
  [
    `${when}: ${formatCount(views)} page views`,
    ...lines.flatMap(({ name }, line) =>
      (shares[line] ?? 0) === 0 ? [] : [`${name} ${formatPercent(shares[line] ?? 0)}`],
    ),
  ].join('\n');
