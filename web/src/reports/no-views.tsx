import { ownOrganization } from '../api/operations.ts';
import { reports } from '../api/reports.ts';
import { formatAgo } from '../parts/numbers.ts';
import { useApp } from '../state/app-state.ts';
import { formatAddress } from '../state/url.ts';
import { useGuest } from '../state/use-guest.ts';
import { useRequest } from '../state/use-request.ts';
import { unstoredWords } from './unstored-words.ts';

/** Where no page view is: whether beacons arrive at all, to administrators also what became of them, and what to do. */
export const NoViews = () => {
  const { router, organization, access } = useApp();
  const address = router.address.value;
  const isGuest = useGuest();
  const live = useRequest(
    isGuest ? null : reports.live(address.site === null ? [] : [['site', address.site]]),
  );
  const mayLook = organization.value?.isHome === true && access.me.value !== null && access.may(HEALTH);
  const own = useRequest(mayLook ? ownOrganization.health(address.org ?? undefined) : null);
  const hrefOf = (page: string): string =>
    formatAddress({ ...address, scope: 'organization', site: null, page, rest: [], extra: {} });
  const unstored = own.data === undefined ? '' : unstoredWords(own.data.beacons);
  const last = live.data?.lastBeaconAt;
  return (
    <div class="panel-empty">
      {isGuest ? (
        // The period is held by the link, and when a beacon came is not told to guests.
        <p>
          No page views here.{' '}
          {address.view.filters.length > 0
            ? 'Fewer filters may show some.'
            : 'In what this link shows there are none so far.'}
        </p>
      ) : last === null ? (
        <p>
          No beacon has arrived yet. <a href={hrefOf('set-up')}>Set up</a> says how to send them.
        </p>
      ) : (
        <p>
          No page views here. {last !== undefined && <>Last beacon {formatAgo(last, Date.now())}. </>}A longer
          period or fewer filters may show some.
        </p>
      )}
      {mayLook && (
        <p>
          {unstored !== '' && <>Not stored: {unstored}. </>}
          <a href={hrefOf('data')}>Incoming data</a> tells what became of beacons.
        </p>
      )}
    </div>
  );
};

const HEALTH = 'organizations.health.get';
