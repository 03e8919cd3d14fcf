import { ButtonLink } from '../../parts/button.tsx';
import { formatAgo, formatCount } from '../../parts/numbers.ts';
import { siteHref } from '../../shell/places.ts';
import { useApp } from '../../state/app-state.ts';
import { useArrival } from './use-arrival.ts';

/** Whether beacons come, as it happens. */
export const ArrivalNotice = ({
  tenant,
  site,
}: {
  readonly tenant: string;
  /** null: any. */
  readonly site: string | null;
}) => {
  const { router, organization } = useApp();
  const arrival = useArrival(tenant, site);
  const shown = organization.value;
  if (arrival.kind === 'arrived')
    return (
      <div class="arrival has-arrived" role="status">
        <p class="arrival-words">
          <strong>{arrival.isNew ? 'A beacon has just arrived.' : 'Beacons arrive.'}</strong>{' '}
          <span class="numbers">
            The last one came {formatAgo(arrival.at, Date.now())}. {viewsWords(arrival.live.views)}
          </span>
        </p>
        {shown !== null && (
          <ButtonLink kind="primary" href={siteHref(site, shown, router.address.value)}>
            See the figures
          </ButtonLink>
        )}
      </div>
    );
  return (
    <div class="arrival" role="status">
      <span class="pulse" aria-hidden="true" />
      <p class="arrival-words">
        {arrival.kind === 'trouble' ? (
          <>
            <strong>It cannot be said whether beacons arrive.</strong> {arrival.message}
          </>
        ) : (
          <>
            <strong>Waiting for the first beacon{site === null ? '' : ` of ${site}`}…</strong> Open a page
            with the snippet, then leave it: most beacons are sent when a page is left.
          </>
        )}
      </p>
    </div>
  );
};

const viewsWords = (views: number): string =>
  views === 0
    ? 'There is no page view of a person in the last half hour yet: programs and bots are not counted.'
    : `${formatCount(views)} ${views === 1 ? 'page view' : 'page views'} in the last half hour.`;
