import { reports } from '../../api/reports.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { useSelected } from '../../reports/use-selected.ts';
import { PageTitle } from '../../shell/page-title.tsx';
import { useApp } from '../../state/app-state.ts';
import { useRequest } from '../../state/use-request.ts';
import { DifferenceTable } from './difference-table.tsx';
import { LikelyCauses } from './likely-causes.tsx';
import { OrganizationsCompared } from './organizations-compared.tsx';
import { Overlaid } from './overlaid.tsx';
import { readSides, sidesQuery, sideWords } from './sides.ts';
import { SidesForm } from './sides-form.tsx';
import './compare.css';

/** Two selections side by side: what differs, how much of it is other visitors, and what else is different. */
export const Compare = () => {
  const { router } = useApp();
  const selected = useSelected();
  const sides = readSides(router.address.value.extra);
  const query = sidesQuery(sides, selected.selection, selected.period);
  const isOrganizations = sides.by === 'organization';
  const isComplete = sides.by === 'period' || (!isOrganizations && sides.a !== null && sides.b !== null);
  const request = reports.compare(query, sides.by === 'device' ? 'country' : 'device');
  const asked = useRequest(isComplete ? request : null, 'first');
  // Reads as much again, so it waits until the figures are there.
  const causesRequest = reports.causes(query);
  const isFirstThere = asked.data !== undefined || asked.error !== undefined;
  const causes = useRequest(isComplete && isFirstThere ? causesRequest : null, 'third');
  const [wordsA, wordsB] = sideWords(sides, selected.period);
  return (
    <>
      <PageTitle
        title="Compare"
        note="Two periods, releases, groups of visitors, segments or organizations. The difference is split: what other visitors explain, and what is speed."
      />
      <SidesForm sides={sides} selected={selected} />
      {isOrganizations && sides.a !== null && sides.b !== null && (
        <OrganizationsCompared a={sides.a} b={sides.b} selection={selected.selection} />
      )}
      {isComplete && (
        <>
          <Panel
            title="Difference"
            note="Intervals that overlap are not said to differ. The split is of the share of good page views, in points."
            request={request}
          >
            <Shown asked={asked} height="300px" isEmpty={({ a, b }) => a.views + b.views === 0}>
              {(answer) => <DifferenceTable answer={answer} wordsA={wordsA} wordsB={wordsB} />}
            </Shown>
          </Panel>
          <Shown
            asked={asked}
            height="280px"
            isEmpty={({ a, b }) => a.views === 0 || b.views === 0}
            empty={<></>}
          >
            {(answer) => (
              <div class="panels">
                <Overlaid answer={answer} wordsA={wordsA} wordsB={wordsB} />
                <LikelyCauses
                  request={causesRequest}
                  asked={causes}
                  by={sides.by}
                  wordsA={wordsA}
                  wordsB={wordsB}
                />
              </div>
            )}
          </Shown>
        </>
      )}
    </>
  );
};
