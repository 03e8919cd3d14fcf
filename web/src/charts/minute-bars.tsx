import { formatCount } from '../parts/numbers.ts';
import './minute-bars.css';

const HEIGHT = 56;

/** Counts of the last minutes as bars, oldest first. */
export const MinuteBars = ({
  label,
  points,
}: {
  readonly label: string;
  readonly points: readonly { readonly at: string; readonly views: number }[];
}) => {
  const most = Math.max(1, ...points.map(({ views }) => views));
  const total = points.reduce((sum, { views }) => sum + views, 0);
  return (
    <div
      class="minute-bars"
      role="img"
      aria-label={`${label}: ${formatCount(total)} in ${points.length} minutes, at most ${formatCount(most)} in one`}
      style={{ height: `${HEIGHT}px` }}
    >
      {points.map(({ at, views }) => (
        <i
          key={at}
          title={`${at.slice(11, 16)} UTC: ${formatCount(views)} page views`}
          class={views === 0 ? 'is-empty' : ''}
          style={{ height: `${views === 0 ? 2 : Math.max(4, (views / most) * HEIGHT)}px` }}
        />
      ))}
    </div>
  );
};
