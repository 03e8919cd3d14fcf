import type { SitesAnswer } from '#reports';
import { ENOUGH_TO_RATE, type VitalId, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { RATING_MARKS, RATING_WORDS } from '../../charts/rating-words.ts';
import { Sparkline } from '../../charts/sparkline.tsx';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { formatAgo, formatCount, formatVital } from '../../parts/numbers.ts';
import { EmptyState } from '../../parts/message.tsx';
import { Skeleton } from '../../parts/skeleton.tsx';
import { ButtonLink } from '../../parts/button.tsx';
import { Shown } from '../../reports/panel.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { DEFAULT_VIEW, formatAddress } from '../../state/url.ts';
import { useRequest } from '../../state/use-request.ts';
import './organization-home.css';

type Site = SitesAnswer['sites'][number];

/** The sites of an organization over the last 28 days: does each pass, how fast is it, does it still send. */
export const OrganizationHome = () => {
  const { router, organization, now } = useApp();
  const asked = useRequest(reports.sites(), 'first');
  const { address } = router;
  const hrefOf = (site: string | null, page: string): string =>
    formatAddress({ ...address.value, scope: 'site', site, page, rest: [], extra: {}, view: DEFAULT_VIEW });
  const setUp = formatAddress({
    ...address.value,
    scope: 'organization',
    page: 'set-up',
    rest: [],
    extra: {},
  });
  return (
    <>
      <PageTitle
        title={organization.value?.name ?? 'Sites'}
        note="The last 28 days, all browsers. p75: three quarters of the page views were at least as fast."
        actions={
          <>
            <ExportMenu request={reports.sites()} of="Sites" />
            <ButtonLink href={hrefOf(null, 'overview')} icon="overview">
              All sites together
            </ButtonLink>
          </>
        }
      />
      <Shown
        asked={asked}
        height="360px"
        isEmpty={({ sites }) => sites.length === 0}
        empty={
          <EmptyState
            icon="setup"
            title="Waiting for the first beacon"
            actions={
              <ButtonLink kind="primary" href={setUp}>
                Set up a site
              </ButtonLink>
            }
          >
            No page has sent one yet. A snippet on your pages is all it takes.
          </EmptyState>
        }
      >
        {({ sites }) => (
          <>
            <ul class="site-cards">
              {sites.length > 1 && <Together href={hrefOf(null, 'overview')} now={now.value} />}
              {sites.map((site) => (
                <li key={site.hostname}>
                  <SiteCard site={site} href={hrefOf(site.hostname, 'overview')} now={now.value} />
                </li>
              ))}
            </ul>
          </>
        )}
      </Shown>
    </>
  );
};

const SiteCard = ({
  site,
  href,
  now,
}: {
  readonly site: Site;
  readonly href: string;
  readonly now: number;
}) => {
  const { hostname, views, days } = site;
  return (
    <article class="site-card">
      <header>
        <h2>
          <a href={href}>{hostname === '' ? '(no host name)' : hostname}</a>
        </h2>
        <Passes site={site} />
      </header>
      <div class="site-vitals">
        {(['lcp', 'inp', 'cls'] as const).map((vital) => (
          <SiteVital key={vital} site={site} vital={vital} />
        ))}
      </div>
      <footer class="numbers">
        {days.length > 0 && (
          <div class="site-volume">
            <Sparkline
              values={days.slice(0, -1).map((day) => day.views)}
              label={`Page views on the ${days.length - 1} days before today`}
            />
          </div>
        )}
        <p>
          {formatCount(views)} page views
          <span class="quiet"> {seenWords(site, now)}</span>
        </p>
      </footer>
    </article>
  );
};

/** All sites as one; computed from all page views, not from the sites. */
const Together = ({ href, now }: { readonly href: string; readonly now: number }) => {
  const { data, error } = useRequest(reports.summary([]), 'second');
  if (error !== undefined) return null;
  if (data === undefined)
    return (
      <li>
        <div role="status" aria-label="Loading">
          <Skeleton height="164px" />
        </div>
      </li>
    );
  const { views, passes, vitals } = data;
  const site: Site = { hostname: 'All sites together', views, lastBeaconAt: null, passes, vitals, days: [] };
  return (
    <li>
      <SiteCard site={site} href={href} now={now} />
    </li>
  );
};

/** When the site last sent; nothing where only that is not known. */
const seenWords = ({ lastBeaconAt, views }: Site, now: number): string => {
  if (lastBeaconAt !== null)
    return `· last beacon ${formatAgo(lastBeaconAt, Math.max(now, Date.parse(lastBeaconAt)))}`;
  return views === 0 ? '· no beacon yet' : '';
};

const Passes = ({ site }: { readonly site: Site }) => {
  if (site.passes === null) return <span class="quiet">too few to rate</span>;
  return site.passes ? <b class="is-good">● Passes</b> : <b class="is-poor">■ Does not pass</b>;
};

const SiteVital = ({
  site,
  vital,
}: {
  readonly site: Site;
  readonly vital: VitalId & ('lcp' | 'inp' | 'cls');
}) => {
  const figures = site.vitals.find((each) => each.vital === vital);
  const rating = figures?.rating ?? null;
  const { label } = VITALS[vital];
  return (
    <div>
      <p class="quiet">{label}</p>
      <p
        class={`site-value ${rating === null ? 'quiet' : `is-${rating}`}`}
        title={
          rating === null
            ? `${formatCount(figures?.samples ?? 0)} page views: too few to rate (${ENOUGH_TO_RATE} needed)`
            : RATING_WORDS[rating]
        }
      >
        {formatVital(vital, figures?.value ?? null)}{' '}
        {rating !== null && (
          <>
            <span aria-hidden="true">{RATING_MARKS[rating]}</span>
            <span class="unseen">{RATING_WORDS[rating]}</span>
          </>
        )}
      </p>
      {site.days.length > 0 && (
        <Sparkline
          values={site.days.map((day) => day[vital])}
          label={`p75 of ${label} on ${site.days.length} days`}
        />
      )}
    </div>
  );
};
