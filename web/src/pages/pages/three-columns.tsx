import type { Breakdown, BreakdownRow } from '#reports';
import { ENOUGH_TO_RATE, type Rating, VITALS } from '#vitals';
import type { Request } from '../../api/request.ts';
import { RATING_MARKS, RATING_WORDS } from '../../charts/rating-words.ts';
import { formatCount, formatVital } from '../../parts/numbers.ts';
import { valueWords } from '../../reports/dimension-words.ts';
import { pageHref } from '../../reports/page-links.ts';
import { Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useRequest } from '../../state/use-request.ts';
import './pages.css';

const RATINGS: readonly Rating[] = ['poor', 'needs-improvement', 'good'];

/** Pages in three columns: poor, needs work, good; most page views first. */
export const ThreeColumns = ({
  selected,
  request,
}: {
  readonly selected: Selected;
  readonly request: Request<Breakdown>;
}) => {
  const { view } = selected;
  const asked = useRequest(request, 'first');
  return (
    <Shown asked={asked} height="480px" isEmpty={({ rows }) => rows.length === 0}>
      {({ rows, totalRows }) => {
        const few = rows.filter((row) => ratingOf(row) === null).length;
        return (
          <>
            <div class="rating-columns">
              {RATINGS.map((rating) => {
                const own = rows.filter((row) => ratingOf(row) === rating);
                return (
                  <section key={rating}>
                    <h3 class={`is-${rating}`}>
                      <span aria-hidden="true">{RATING_MARKS[rating]}</span> {RATING_WORDS[rating]}{' '}
                      <span class="quiet numbers">{own.length}</span>
                    </h3>
                    {own.length === 0 && <p class="quiet">None.</p>}
                    <ol>
                      {own.map((row) => (
                        <li key={row.value}>
                          <a class="row-name" href={pageHref(selected, 'path', row.value)} title={row.value}>
                            {valueWords('url_path', row.value)}
                          </a>
                          <span class="numbers">{formatVital(view.vital, row.vitals[0]?.value ?? null)}</span>
                          <span class="quiet numbers">{formatCount(row.views)}</span>
                        </li>
                      ))}
                    </ol>
                  </section>
                );
              })}
            </div>
            {few > 0 && (
              <p class="quiet more-rows">
                {formatCount(few)} pages have fewer than {ENOUGH_TO_RATE} page views with{' '}
                {VITALS[view.vital].label}: too few to rate.
              </p>
            )}
            {totalRows > rows.length && (
              <p class="quiet more-rows">
                The {rows.length} pages with the most page views, of {formatCount(totalRows)}.
              </p>
            )}
          </>
        );
      }}
    </Shown>
  );
};

const ratingOf = (row: BreakdownRow): Rating | null => row.vitals[0]?.rating ?? null;
