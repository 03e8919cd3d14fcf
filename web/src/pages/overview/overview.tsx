import type { Summary } from '#reports';
import { VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { formatCount } from '../../parts/numbers.ts';
import { BreakdownPanel } from '../../reports/breakdown-panel.tsx';
import { Trend } from '../../reports/trend.tsx';
import { useBefore } from '../../reports/use-before.ts';
import { useNoteDialog } from '../../reports/use-note-dialog.tsx';
import { type Selected, useSelected } from '../../reports/use-selected.ts';
import { Verdict } from '../../reports/verdict.tsx';
import { type CardsBefore, VitalCards } from '../../reports/vital-cards.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { LivePanel } from './live-panel.tsx';
import { WorstGroups } from './worst-groups.tsx';
import './overview.css';

/** How the site performs, for whom it is slow, and why: the page that answers. */
export const Overview = () => {
  const { router, organization } = useApp();
  const selected = useSelected();
  const { view, selection, site } = selected;
  const summary = useRequest(reports.summary(selection), 'second');
  const series = useRequest(reports.series(selection, view.vital, view.step), 'first');
  // What is below the first chart waits for it.
  const isFirstThere = series.data !== undefined || series.error !== undefined;
  const before = useBefore(selected, isFirstThere);
  const notes = useNoteDialog(selected, isFirstThere);
  return (
    <>
      <PageTitle
        title={site ?? `All sites of ${organization.value?.name ?? ''}`}
        note={<Verdict summary={summary.data} percentile={view.percentile} />}
        actions={
          <>
            <Volume summary={summary.data} before={before} />
            <ExportMenu request={reports.summary(selection, 'previous')} of="Vitals" />
          </>
        }
      />
      {/* When it fails the trend says why; cards would wait for ever. */}
      {(summary.data !== undefined || summary.error === undefined) && (
        <VitalCards
          summary={summary.data ?? null}
          before={before}
          percentile={view.percentile}
          chosen={view.vital}
          onChoose={(vital) => router.setView({ vital })}
        />
      )}
      <Trend series={series} selected={selected} notes={notes} />
      <Tables selected={selected} isAsked={isFirstThere} />
      {notes.dialog}
    </>
  );
};

const Volume = ({
  summary,
  before,
}: {
  readonly summary: Summary | undefined;
  readonly before: CardsBefore | null;
}) => (
  // Both lines are there from the beginning, so that nothing below them jumps.
  <p class="overview-volume numbers">
    {summary === undefined ? (
      <>&nbsp;</>
    ) : (
      `${formatCount(summary.views)} page views, ${formatCount(summary.sessions)} sessions`
    )}
    <span class="quiet">{before === null ? <>&nbsp;</> : `compared with ${before.words}`}</span>
  </p>
);

const Tables = ({ selected, isAsked }: { readonly selected: Selected; readonly isAsked: boolean }) => {
  const { view, hrefOf, site } = selected;
  const vital = VITALS[view.vital].label;
  return (
    <div class="panels">
      <WorstGroups selected={selected} isAsked={isAsked} />
      <BreakdownPanel
        name="visitors"
        title="Visitors"
        note={`Where ${vital} is slow, and for whom. A row narrows everything to itself.`}
        dimensions={['country', 'device', 'browser', 'connection']}
        selected={selected}
        isAsked={isAsked}
        all={{ href: hrefOf('devices'), words: 'All about devices and networks' }}
      />
      <BreakdownPanel
        name="shown"
        title="What was shown"
        note="A release that is worse than the others is worth a look."
        dimensions={
          site === null
            ? ['release', 'hostname', 'navigation_type', 'page_type']
            : ['release', 'navigation_type', 'page_type', 'referrer_type']
        }
        selected={selected}
        isAsked={isAsked}
      />
      <LivePanel selected={selected} isAsked={isAsked} />
    </div>
  );
};
