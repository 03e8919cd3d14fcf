import { ENOUGH_TO_RATE, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { ShareBar } from '../../charts/share-bar.tsx';
import { formatCount, formatPercent, formatVital } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useExtra } from '../../state/use-extra.ts';
import { useRequest } from '../../state/use-request.ts';
import './elements-panel.css';

const WHAT: Readonly<Record<string, string>> = {
  lcp: 'Elements that were the largest paint.',
  inp: 'Elements whose interaction was the slowest.',
  cls: 'Elements that shifted the most.',
};
import '../../reports/breakdown-table.css';

const ELEMENT_VITALS = ['lcp', 'inp', 'cls'] as const;

/** Which elements made the vital what it is. A row narrows everything to the page views in which it was the one. */
export const ElementsPanel = ({
  first,
  selected,
  isAsked,
}: {
  /** Unless the address says otherwise. */
  readonly first: (typeof ELEMENT_VITALS)[number];
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const [vital, setVital] = useExtra('elements', first, ELEMENT_VITALS);
  const request = reports.elements(selected.selection, vital);
  const asked = useRequest(isAsked ? request : null);
  return (
    <Panel
      title="Elements"
      note={WHAT[vital]}
      request={request}
      actions={
        <Segmented
          label="Elements of"
          value={vital}
          choices={ELEMENT_VITALS.map((value) => ({ value, label: VITALS[value].label }))}
          onValue={setVital}
        />
      }
    >
      <Shown
        asked={asked}
        height="320px"
        isEmpty={({ rows }) => rows.length === 0}
        empty={<p class="panel-empty">No page view named its element.</p>}
      >
        {({ rows, vital: shown }) => (
          <div class="breakdown-scroll">
            <table class="breakdown elements">
              <caption class="unseen">{WHAT[shown]}</caption>
              <thead>
                <tr>
                  <th scope="col">Element</th>
                  <th scope="col" class="is-number">
                    Page views
                  </th>
                  <th scope="col">{VITALS[shown].label}</th>
                </tr>
              </thead>
              <tbody>
                {rows.map(({ selector, views, share, value, shares }) => (
                  <tr key={selector}>
                    <th scope="row">
                      <button
                        type="button"
                        class="row-name element-name"
                        title={selector}
                        onClick={() => selected.addFilter(`${shown}_selector`, selector)}
                      >
                        {selector === '' ? '(not known)' : selector}
                      </button>
                    </th>
                    <td class="breakdown-views" data-label="Page views">
                      <span class="numbers">{formatCount(views)}</span>{' '}
                      <span class="quiet numbers">{formatPercent(share)}</span>
                    </td>
                    <td data-label={VITALS[shown].label}>
                      <span
                        class="mini-distribution"
                        title={
                          views < ENOUGH_TO_RATE
                            ? `${formatCount(views)} page views: too few to rate (${ENOUGH_TO_RATE} needed)`
                            : undefined
                        }
                      >
                        <span class={views < ENOUGH_TO_RATE ? 'quiet' : ''}>{formatVital(shown, value)}</span>
                        <ShareBar shares={views < ENOUGH_TO_RATE ? null : shares} samples={views} />
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Shown>
    </Panel>
  );
};
