import type { PageViewAnswer } from '#reports';
import { reports } from '../../api/reports.ts';
import { endOfLoading } from '../../charts/waterfall-layout.ts';
import { FetchTable, Waterfall } from '../../charts/waterfall.tsx';
import { formatBytes, formatCount, formatDuration } from '../../parts/numbers.ts';
import { Segmented } from '../../parts/segmented.tsx';
import { Panel } from '../../reports/panel.tsx';
import { useExtra } from '../../state/use-extra.ts';
import { momentLabel } from './moment-words.ts';

/** Moments that are drawn across the waterfall; the others are in the list of moments. */
const DRAWN: ReadonlySet<string> = new Set(['activated', 'ttfb', 'fcp', 'lcp', 'dcl', 'load', 'inp']);

const SHOWN = ['loading', 'visit', 'table'] as const;

/** What the page fetched, and when. */
export const WaterfallPanel = ({ answer }: { readonly answer: PageViewAnswer }) => {
  const { resources, moments } = answer;
  const loaded = endOfLoading(moments);
  const later = loaded === null ? 0 : resources.filter(({ start }) => start > loaded).length;
  const [shown, setShown] = useExtra('fetches', 'loading', SHOWN);
  const bytes = resources.reduce((sum, { transferBytes }) => sum + (transferBytes ?? 0), 0);
  return (
    <Panel
      title="Waterfall"
      class="is-wide"
      note={
        resources.length === 0
          ? 'The beacons of this page view tell of no fetches.'
          : `${formatCount(resources.length)} fetches, ${formatBytes(bytes)} on the wire as far as the browser tells${
              later > 0 && shown === 'loading'
                ? `; ${formatCount(later)} of them after the page had loaded`
                : ''
            }.`
      }
      actions={
        resources.length > 0 && (
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
      {resources.length > 0 && shown === 'table' && <FetchTable resources={resources} />}
      {resources.length > 0 && shown !== 'table' && (
        <>
          <Waterfall
            resources={resources}
            moments={moments
              .filter(({ name }) => DRAWN.has(name))
              .map((moment) => ({
                label: `${momentLabel(moment)} ${formatDuration(moment.at)}`,
                at: moment.at,
              }))}
            until={shown === 'loading' ? loaded : null}
          />
          <p class="quiet waterfall-key">
            Thin line: queued · pale: waited for the first byte · full: loaded. Times since the navigation
            began.
          </p>
        </>
      )}
    </Panel>
  );
};
