import type { PageViewAnswer } from '#reports';
import { reports } from '../../api/reports.ts';
import { Button, ButtonLink } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { formatMoment } from '../../parts/numbers.ts';
import { countryName, valueWords } from '../../reports/dimension-words.ts';
import { Shown } from '../../reports/panel.tsx';
import { useSelected } from '../../reports/use-selected.ts';
import type { PageProps } from '../../route.ts';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useKeys } from '../../state/use-keys.ts';
import { useRequest } from '../../state/use-request.ts';
import { BeaconsPanel } from './beacons-panel.tsx';
import { ErrorsPanel } from './errors-panel.tsx';
import { FactsPanel } from './facts-panel.tsx';
import { VitalsPanel } from './vitals-panel.tsx';
import { WaterfallPanel } from './waterfall-panel.tsx';
import './page-view.css';

/** One page view: what was fetched and when, what the visitor saw, and the beacons that told it. */
export const PageView = ({ rest }: PageProps) => {
  const [id] = rest;
  const { router } = useApp();
  const selected = useSelected();
  const asked = useRequest(id === undefined ? null : reports.pageView(id));
  const { previous = null, next = null } = asked.data ?? {};
  const goTo = (to: string | null): void => {
    if (to !== null) router.go(selected.hrefOf('page-view', [to]));
  };
  useKeys([
    { keys: '[', words: 'Page view before, in the session', group: 'Page view', run: () => goTo(previous) },
    { keys: ']', words: 'Next page view of the session', group: 'Page view', run: () => goTo(next) },
  ]);
  if (id === undefined)
    return (
      <EmptyState icon="pages" title="Which page view?">
        The pages of a site list their slowest page views; each of them leads here.{' '}
        <a href={selected.hrefOf('pages')}>Choose a page.</a>
      </EmptyState>
    );
  const neighbour = (words: string, to: string | null) =>
    to === null ? (
      <Button disabled>{words}</Button>
    ) : (
      <ButtonLink href={selected.hrefOf('page-view', [to])}>{words}</ButtonLink>
    );
  return (
    <>
      <PageTitle
        title={asked.data === undefined ? 'Page view' : pathOf(asked.data.view.url)}
        note={asked.data === undefined ? undefined : <Visitor view={asked.data.view} />}
        actions={
          <nav class="page-view-neighbours" aria-label="Page views of the session">
            {neighbour('← Before', previous)}
            {neighbour('Next →', next)}
          </nav>
        }
      />
      <Shown asked={asked} height="480px">
        {(answer) => (
          <div key={answer.view.id} class="panels">
            <VitalsPanel answer={answer} />
            <WaterfallPanel answer={answer} />
            <ErrorsPanel errors={answer.errors} />
            <FactsPanel facts={answer.facts} />
            <BeaconsPanel beacons={answer.beacons} files={answer.boomerangFiles} />
          </div>
        )}
      </Shown>
    </>
  );
};

const Visitor = ({ view }: { readonly view: PageViewAnswer['view'] }) => (
  <>
    {[
      view.hostname,
      `${formatMoment(view.startedAt)}:${view.startedAt.slice(17, 19)} UTC`,
      valueWords('device', view.device),
      view.browser,
      view.country === '' ? '' : countryName(view.country),
    ]
      .filter((part) => part !== '')
      .join(' · ')}
  </>
);

/** Path and query of an address; the address itself where it is none. */
const pathOf = (url: string): string => {
  const parsed = URL.parse(url);
  return parsed === null ? url : parsed.pathname + parsed.search;
};
