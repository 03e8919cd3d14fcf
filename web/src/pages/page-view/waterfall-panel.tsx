import type { PageViewAnswer } from '#reports';
import { reports } from '../../api/reports.ts';
import { FetchTable } from '../../charts/fetch-table.tsx';
import { endOfLane } from '../../charts/time-lanes-layout.ts';
import { endOfLoading, endOfVisit } from '../../charts/waterfall-layout.ts';
import { Waterfall } from '../../charts/waterfall.tsx';
import { formatBytes, formatCount, formatDuration } from '../../parts/numbers.ts';
import { Segmented } from '../../parts/segmented.tsx';
import { Panel } from '../../reports/panel.tsx';
import { useExtra } from '../../state/use-extra.ts';
import { momentLabel } from './moment-words.ts';
import { OverTime, OverTimeTables } from './over-time.tsx';
import { pageLanes } from './page-lanes.ts';

/** Moments that are drawn across the waterfall; the others are in the list of moments. */
const DRAWN: ReadonlySet<string> = new Set(['activated', 'ttfb', 'fcp', 'lcp', 'dcl', 'load', 'inp']);

const SHOWN = ['loading', 'visit', 'table'] as const;

/** What the page fetched and when, and what happened meanwhile, on one axis. */
export const WaterfallPanel = ({ answer }: { readonly answer: PageViewAnswer }) => {
  const { resources } = answer;
  const [shown, setShown] = useExtra('fetches', 'loading', SHOWN);
  const lanes = pageLanes(answer);
  const loaded = endOfLoading(answer.moments);
  const visit = endOfVisit([
    ...resources.map(({ end }) => end),
    ...answer.moments.map(({ at }) => at),
    ...lanes.map(endOfLane),
  ]);
  const end = shown === 'loading' ? (loaded ?? visit) : visit;
  const moments = answer.moments.filter(({ name }) => DRAWN.has(name));
  const isEmpty = resources.length === 0 && lanes.length === 0;
  return (
    <Panel
      title="Waterfall"
      class="is-wide"
      note={noteOf(answer, shown === 'loading' ? end : null)}
      actions={
        !isEmpty && (
          <Segmented
            label="Show"
            value={shown}
            choices={[
              { value: 'loading', label: 'Loading' },
              { value: 'visit', label: 'Whole visit' },
              { value: 'table', label: 'Table' },
            ]}
            onValue={setShown}
          />
        )
      }
      request={reports.pageView(answer.view.id)}
    >
      {resources.length === 0 && (
        <p class="panel-empty">
          Boomerang's ResourceTiming plug-in tells what a page fetches; without it there is no waterfall.
        </p>
      )}
      {shown === 'table' ? (
        <>
          {resources.length > 0 && <FetchTable resources={resources} />}
          <OverTimeTables {...answer} />
        </>
      ) : (
        <>
          {resources.length > 0 && (
            <>
              <Waterfall
                resources={resources}
                moments={moments.map((moment) => ({
                  label: `${momentLabel(moment)} ${formatDuration(moment.at)}`,
                  at: moment.at,
                }))}
                end={end}
              />
              <p class="quiet waterfall-key">
                Thin line: queued · pale: waited for the first byte · full: loaded. Times since the navigation
                began.
              </p>
            </>
          )}
          {lanes.length > 0 && <OverTime lanes={lanes} moments={moments.map(({ at }) => at)} end={end} />}
        </>
      )}
    </Panel>
  );
};

/** `end`: of the axis, when what comes later is left out. */
const noteOf = ({ resources }: PageViewAnswer, end: number | null): string => {
  if (resources.length === 0) return 'The beacons of this page view tell of no fetches.';
  const bytes = resources.reduce((sum, { transferBytes }) => sum + (transferBytes ?? 0), 0);
  const later = end === null ? 0 : resources.filter(({ start }) => start > end).length;
  const told = `${formatCount(resources.length)} fetches, ${formatBytes(bytes)} on the wire as far as the browser tells`;
  return later > 0 ? `${told}; ${formatCount(later)} of them after the page had loaded.` : `${told}.`;
};
