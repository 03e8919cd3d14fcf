import { useEffect, useRef } from 'preact/hooks';
import { reports } from '../../api/reports.ts';
import { MinuteBars } from '../../charts/minute-bars.tsx';
import { formatAgo, formatCount } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useGuest } from '../../state/use-guest.ts';
import { useRequest } from '../../state/use-request.ts';
import './live-panel.css';

const AGAIN_MS = 30_000;

/** The last half hour, asked again while somebody looks. */
export const LivePanel = ({
  selected,
  isAsked,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const request = reports.live(selected.selection);
  const live = useRequest(isAsked ? request : null);
  // Whoever opened a share link is not told when the last beacon came, so nothing follows from that.
  const isGuest = useGuest();
  const current = useRef(live);
  current.current = live;
  useEffect(() => {
    const timer = setInterval(
      () => document.visibilityState === 'visible' && current.current.reload(),
      AGAIN_MS,
    );
    return () => clearInterval(timer);
  }, []);
  return (
    <Panel
      title="Last 30 minutes"
      note="Page views in each minute, all of the site, straight from the beacons."
      request={request}
    >
      <Shown asked={live} height="180px">
        {({ points, views, pages, lastBeaconAt }) => (
          <div class="live">
            <p>
              <b class="live-number numbers">{formatCount(views)}</b> page views
              {lastBeaconAt !== null && (
                <span class="quiet"> · last beacon {formatAgo(lastBeaconAt, Date.now())}</span>
              )}
            </p>
            <MinuteBars label="Page views in each of the last 30 minutes" points={points} />
            {views === 0 && lastBeaconAt === null && !isGuest && (
              <p class="quiet">No beacon has arrived yet. Set up says how to send them.</p>
            )}
            <ol class="live-pages">
              {pages.slice(0, 6).map(({ url, views: count }) => (
                <li key={url}>
                  <span class="live-url" title={url}>
                    {url}
                  </span>
                  <span class="numbers">{formatCount(count)}</span>
                </li>
              ))}
            </ol>
          </div>
        )}
      </Shown>
    </Panel>
  );
};
