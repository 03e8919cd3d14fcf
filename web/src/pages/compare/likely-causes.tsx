import type { CausesAnswer, LikelyCause } from '#reports';
import type { Request } from '../../api/request.ts';
import { formatPercent } from '../../parts/numbers.ts';
import { dimensionWord, valueWords } from '../../reports/dimension-words.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Asked } from '../../state/use-request.ts';

const MOST = 10;

/** By what the visitors of both sides differ most. */
export const LikelyCauses = ({
  request,
  asked,
  by,
  wordsA,
  wordsB,
}: {
  readonly request: Request<CausesAnswer>;
  readonly asked: Asked<CausesAnswer>;
  /** What the sides were made by; that it differs is no news. */
  readonly by: string;
  readonly wordsA: string;
  readonly wordsB: string;
}) => (
  <Panel
    title="What else is different"
    note="By how much the page views of both sides are made of other values, and the value that changed most. Look here before blaming a release."
    request={request}
  >
    <Shown asked={asked} height="400px">
      {({ likelyCauses }) => (
        <CauseTable
          causes={likelyCauses
            .filter(({ dimension, distance }) => dimension !== by && distance >= 0.01)
            .slice(0, MOST)}
          wordsA={wordsA}
          wordsB={wordsB}
        />
      )}
    </Shown>
  </Panel>
);

const CauseTable = ({
  causes,
  wordsA,
  wordsB,
}: {
  readonly causes: readonly LikelyCause[];
  readonly wordsA: string;
  readonly wordsB: string;
}) =>
  causes.length === 0 ? (
    <p class="panel-empty">The page views of both sides are made of the same.</p>
  ) : (
    <table class="breakdown causes">
      <caption class="unseen">
        Dimensions by how much {wordsA} and {wordsB} differ
      </caption>
      <thead>
        <tr>
          <th scope="col">Dimension</th>
          <th scope="col">Differs</th>
          <th scope="col">Most</th>
          <th scope="col" class="is-number">
            A
          </th>
          <th scope="col" class="is-number">
            B
          </th>
        </tr>
      </thead>
      <tbody>
        {causes.map(({ dimension, distance, value, shareA, shareB }) => (
          <tr key={dimension}>
            <th scope="row">{dimensionWord(dimension)}</th>
            <td data-label="Differs">
              <span class="cause">
                <i style={{ width: `${Math.max(2, distance * 60)}px` }} />
                <span class="numbers">{formatPercent(distance)}</span>
              </span>
            </td>
            <td data-label="Most">{valueWords(dimension, value)}</td>
            <td data-label="A" class="breakdown-views numbers">
              {formatPercent(shareA)}
            </td>
            <td data-label="B" class="breakdown-views numbers">
              {formatPercent(shareB)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
