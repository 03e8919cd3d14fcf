import { VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { EmptyState } from '../../parts/message.tsx';
import { BreakdownPanel } from '../../reports/breakdown-panel.tsx';
import { valueWords } from '../../reports/dimension-words.ts';
import { pageOf } from '../../reports/page-links.ts';
import { SlowViews } from '../../reports/slow-views.tsx';
import { Trend } from '../../reports/trend.tsx';
import { useBefore } from '../../reports/use-before.ts';
import { useNoteDialog } from '../../reports/use-note-dialog.tsx';
import { useSelected } from '../../reports/use-selected.ts';
import { Verdict } from '../../reports/verdict.tsx';
import { VitalCards } from '../../reports/vital-cards.tsx';
import { WeekHeat } from '../../reports/week-heat.tsx';
import type { PageProps } from '../../route.ts';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { ElementsPanel } from './elements-panel.tsx';
import { PhasesPanel } from './phases-panel.tsx';

/** One page or page group: its vitals, what makes them so, when, and its slowest views. */
export const PageDetail = ({ rest }: PageProps) => {
  const page = pageOf(rest);
  const { router } = useApp();
  const selected = useSelected(page === null ? [] : [page.filter]);
  const { view, selection } = selected;
  const summary = useRequest(page === null ? null : reports.summary(selection), 'second');
  const series = useRequest(page === null ? null : reports.series(selection, view.vital, view.step), 'first');
  const isFirstThere = series.data !== undefined || series.error !== undefined;
  const before = useBefore(selected, isFirstThere);
  const notes = useNoteDialog(selected, isFirstThere);
  if (page === null)
    return (
      <EmptyState icon="pages" title="Which page?">
        <a href={selected.hrefOf('pages')}>Choose one from the list of pages.</a>
      </EmptyState>
    );
  const elements = ELEMENT_VITALS.find((vital) => vital === view.vital) ?? 'lcp';
  return (
    <>
      <PageTitle
        title={valueWords(page.filter.dimension, page.value)}
        note={
          <>
            {page.kind === 'group' ? 'Page group' : 'Page'} of{' '}
            <a href={selected.hrefOf('pages')}>all pages</a>.{' '}
            <Verdict summary={summary.data} percentile={view.percentile} />
          </>
        }
        actions={<ExportMenu request={reports.summary(selection, 'previous')} of="Vitals" />}
      />
      <VitalCards
        summary={summary.data ?? null}
        before={before}
        percentile={view.percentile}
        chosen={view.vital}
        onChoose={(vital) => router.setView({ vital })}
      />
      <Trend series={series} selected={selected} notes={notes} />
      <div class="panels">
        <PhasesPanel selected={selected} isAsked={isFirstThere} />
        <ElementsPanel first={elements} selected={selected} isAsked={isFirstThere} />
        <SlowViews selected={selected} isAsked={isFirstThere} />
        <BreakdownPanel
          name="came"
          title="How visitors came"
          note={`${VITALS[view.vital].label} by how the page was opened and from where.`}
          dimensions={['navigation_type', 'referrer_type', 'release', 'device']}
          selected={selected}
          isAsked={isFirstThere}
        />
        <WeekHeat selected={selected} isAsked={isFirstThere} />
        {page.kind === 'group' && (
          <BreakdownPanel
            name="pages"
            title="Pages of this group"
            class="is-wide"
            dimensions={['url_path']}
            selected={selected}
            isAsked={isFirstThere}
          />
        )}
      </div>
      {notes.dialog}
    </>
  );
};

const ELEMENT_VITALS = ['lcp', 'inp', 'cls'] as const;
