import { rate, VITALS } from '#vitals';
import { reports } from '../api/reports.ts';
import { RATING_MARKS, RATING_WORDS } from '../charts/rating-words.ts';
import { formatMoment, formatVital } from '../parts/numbers.ts';
import { useRequest } from '../state/use-request.ts';
import { countryName, valueWords } from './dimension-words.ts';
import { Panel, Shown } from './panel.tsx';
import type { Selected } from './use-selected.ts';
import './breakdown-table.css';

/** The slowest page views one by one; each leads to its waterfall. */
export const SlowViews = ({
  selected,
  isAsked,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const { view, selection, hrefOf } = selected;
  const request = reports.pageViews(selection, view.vital, 'slowest', 8);
  const asked = useRequest(isAsked ? request : null);
  const { label } = VITALS[view.vital];
  return (
    <Panel
      title="Slowest page views"
      note={`By ${label}. Each leads to its waterfall and raw beacons.`}
      request={request}
    >
      <Shown asked={asked} height="320px" isEmpty={({ views }) => views.length === 0}>
        {({ views }) => (
          <div class="breakdown-scroll">
            <table class="breakdown slow-views">
              <caption class="unseen">Slowest page views by {label}</caption>
              <thead>
                <tr>
                  <th scope="col">Page view</th>
                  <th scope="col">{label}</th>
                  <th scope="col">Visitor</th>
                </tr>
              </thead>
              <tbody>
                {views.map((line) => {
                  const value = line.vitals[view.vital];
                  const rating = value === null ? null : rate(view.vital, value);
                  return (
                    <tr key={line.id}>
                      <th scope="row">
                        <a class="row-name" href={hrefOf('page-view', [line.id])} title={line.url}>
                          {pathOf(line.url)}
                        </a>
                        <span class="quiet slow-when">{formatMoment(line.startedAt)}</span>
                      </th>
                      <td data-label={label} class={rating === null ? '' : `is-${rating}`}>
                        <span class="numbers">
                          {formatVital(view.vital, value)}{' '}
                          {rating !== null && <span aria-hidden="true">{RATING_MARKS[rating]}</span>}
                          {rating !== null && <span class="unseen">{RATING_WORDS[rating]}</span>}
                        </span>
                      </td>
                      <td data-label="Visitor">
                        {[
                          valueWords('device', line.device),
                          line.browser,
                          line.country === '' ? '' : countryName(line.country),
                        ]
                          .filter((part) => part !== '')
                          .join(', ')}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
    </Panel>
  );
};

/** Path and query of an address; the address itself where it is none. */
const pathOf = (url: string): string => {
  const parsed = URL.parse(url);
  return parsed === null ? url : parsed.pathname + parsed.search;
};
