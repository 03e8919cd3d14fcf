import { formatPercent, formatVital } from '../parts/numbers.ts';
import type { VitalId } from '#vitals';
import type { HistogramBin } from './histogram-bins.ts';
import { RATING_WORDS } from './rating-words.ts';

/** The histogram's numbers for those who do not see it. */
export const BinTable = ({
  label,
  vital,
  bins,
}: {
  readonly label: string;
  readonly vital: VitalId;
  readonly bins: readonly HistogramBin[];
}) => (
  <div class="unseen">
    <table>
      <caption>{label}</caption>
      <thead>
        <tr>
          <th>Value</th>
          <th>Rating</th>
          <th>Share</th>
          <th>Share up to here</th>
        </tr>
      </thead>
      <tbody>
        {bins.map((bin, index) => (
          <tr key={index}>
            <th scope="row">{binWords(vital, bin, index, bins.length)}</th>
            <td>{RATING_WORDS[bin.rating]}</td>
            <td>{formatPercent(bin.share)}</td>
            <td>{formatPercent(bin.cumulative)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** The values of a bin in words; the first and the last also count what lies outside the axis. */
export const binWords = (
  vital: VitalId,
  { from, to }: HistogramBin,
  index: number,
  count: number,
): string => {
  if (index === 0) return `up to ${formatVital(vital, to)}`;
  if (index === count - 1) return `${formatVital(vital, from)} and more`;
  return `${formatVital(vital, from)} – ${formatVital(vital, to)}`;
};
