import { type VitalId, VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { BreakdownTable } from '../../reports/breakdown-table.tsx';
import { Panel, Shown } from '../../reports/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { pageHref } from '../../reports/page-links.ts';
import { useExtra } from '../../state/use-extra.ts';
import { useRequest } from '../../state/use-request.ts';

const WORK_BY = ['page_group', 'url_path'] as const;

/** Where work pays: page groups by page views × share not good. */
export const WorstGroups = ({
  selected,
  isAsked,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const { view, selection } = selected;
  const [dimension, setDimension] = useExtra('work', 'page_group', WORK_BY);
  const vitals: readonly VitalId[] = [view.vital];
  const request = reports.breakdown(selection, {
    dimension,
    vital: view.vital,
    order: 'impact',
    limit: 8,
    vitals: view.vital,
  });
  const asked = useRequest(isAsked ? request : null);
  return (
    <Panel
      title="Where work pays"
      note={`Pages by impact: how many page views were not good in ${VITALS[view.vital].label}.`}
      request={request}
      actions={
        <Segmented
          label="Where work pays: by"
          value={dimension}
          choices={[
            { value: 'page_group', label: 'Page groups' },
            { value: 'url_path', label: 'Pages' },
          ]}
          onValue={setDimension}
        />
      }
    >
      <Shown asked={asked} height="352px" isEmpty={({ rows }) => rows.length === 0}>
        {(breakdown) => (
          <>
            <BreakdownTable
              breakdown={breakdown}
              vitals={vitals}
              vital={view.vital}
              caption={`Pages by how many page views were not good in ${VITALS[view.vital].label}`}
              rowHref={(value) =>
                pageHref(selected, breakdown.dimension === 'url_path' ? 'path' : 'group', value)
              }
              impact
            />
            <p class="more-rows">
              <a href={selected.hrefOf('pages')}>All pages</a>
            </p>
          </>
        )}
      </Shown>
    </Panel>
  );
};
