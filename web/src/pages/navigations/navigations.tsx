import { VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { formatCount, formatPercent } from '../../parts/numbers.ts';
import { BreakdownPanel } from '../../reports/breakdown-panel.tsx';
import { valueWords } from '../../reports/dimension-words.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { SplitTrend } from '../../reports/split-trend.tsx';
import { useNoteDialog } from '../../reports/use-note-dialog.tsx';
import { type Selected, useSelected } from '../../reports/use-selected.ts';
import { VitalChoice } from '../../reports/vital-choice.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useRequest } from '../../state/use-request.ts';

const navigationWords = (value: string): string => valueWords('navigation', value);
import '../../reports/breakdown-table.css';

/** How pages were opened: anew, within an application, out of the back/forward cache, prerendered. */
export const Navigations = () => {
  const shown = useSelected();
  // This page compares kinds of navigations, so it always asks for all of them.
  const selected: Selected = {
    ...shown,
    selection: [...shown.selection.filter(([name]) => name !== 'navigations'), ['navigations', 'all']],
  };
  const { label } = VITALS[shown.view.vital];
  const notes = useNoteDialog(shown, true);
  return (
    <>
      <PageTitle
        title="Navigations"
        note="Hard and soft navigations are measured differently and never blended; here they stand side by side."
        actions={<VitalChoice />}
      />
      <SplitTrend
        title={`${label} by kind of navigation`}
        note="Hard: the browser loads a page. Soft: an application changes its view. Back/forward cache: the page was still there."
        dimension="navigation"
        selected={selected}
        notes={notes}
        words={navigationWords}
      />
      <div class="panels">
        <BreakdownPanel
          name="kinds"
          title="Kinds"
          dimensions={['navigation_type', 'navigation']}
          selected={selected}
          note="How pages were opened, and how fast each was."
        />
        <BfcacheReasons selected={selected} />
      </div>
      {notes.dialog}
    </>
  );
};

/** Why the back/forward cache was not used; the browser's own names, which lead to its documentation. */
const BfcacheReasons = ({ selected }: { readonly selected: Selected }) => {
  const request = reports.bfcacheReasons(selected.selection);
  const asked = useRequest(request);
  return (
    <Panel
      title="Not restored from the back/forward cache"
      note="What kept pages from being restored at once when visitors went back. Chromium tells; one page view may have several reasons."
      request={request}
    >
      <Shown
        asked={asked}
        height="240px"
        isEmpty={({ rows }) => rows.length === 0}
        empty={<p class="panel-empty">No browser told a reason in this selection.</p>}
      >
        {({ rows }) => {
          const all = rows.reduce((sum, { views }) => sum + views, 0);
          return (
            <table class="breakdown">
              <caption class="unseen">Reasons and page views</caption>
              <thead>
                <tr>
                  <th scope="col">Reason</th>
                  <th scope="col" class="is-number">
                    Page views
                  </th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ reason, views }) => (
                  <tr key={reason}>
                    <th scope="row">
                      <span class="row-name" title={reason}>
                        {reason}
                      </span>
                    </th>
                    <td class="breakdown-views" data-label="Page views">
                      <span class="numbers">{formatCount(views)}</span>{' '}
                      <span class="quiet numbers">{formatPercent(all === 0 ? 0 : views / all)}</span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          );
        }}
      </Shown>
    </Panel>
  );
};
