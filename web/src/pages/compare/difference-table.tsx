import type { CompareAnswer, VitalFigures } from '#reports';
import { VITALS } from '#vitals';
import { MiniDistribution } from '../../charts/mini-distribution.tsx';
import { formatCount, formatPoints, formatVital } from '../../parts/numbers.ts';
import { changeWords } from '../../reports/change-words.ts';
import '../../reports/breakdown-table.css';

/** A row for each vital: both sides, the difference, and its split, where the answer has one at all. */
export const DifferenceTable = ({
  answer,
  wordsA,
  wordsB,
}: {
  readonly answer: CompareAnswer;
  readonly wordsA: string;
  readonly wordsB: string;
}) => (
  <div class="breakdown-scroll">
    <table class="breakdown difference">
      <caption class="unseen">
        {wordsA} compared with {wordsB}
      </caption>
      <thead>
        <tr>
          <th scope="col">Vital</th>
          <th scope="col">
            <b class="side-a">A</b> {wordsA}
          </th>
          <th scope="col">
            <b class="side-b">B</b> {wordsB}
          </th>
          <th scope="col">A against B</th>
          {answer.changes.length > 0 && (
            <>
              <th scope="col">Good</th>
              <th scope="col">of it other visitors</th>
              <th scope="col">of it speed</th>
            </>
          )}
        </tr>
      </thead>
      <tbody>
        <tr>
          <th scope="row">Page views</th>
          <td data-label="A" class="numbers">
            {formatCount(answer.a.views)}
          </td>
          <td data-label="B" class="numbers">
            {formatCount(answer.b.views)}
          </td>
          <td colSpan={answer.changes.length > 0 ? 4 : 1} />
        </tr>
        {answer.a.vitals.map((a) => {
          const b = answer.b.vitals.find(({ vital }) => vital === a.vital);
          const change = answer.changes.find((each) => each?.vital === a.vital) ?? null;
          const words = changeWords(b, a);
          return (
            <tr key={a.vital}>
              <th scope="row">
                <b>{VITALS[a.vital].label}</b>
              </th>
              <td data-label="A">
                <Side figures={a} />
              </td>
              <td data-label="B">
                <Side figures={b} />
              </td>
              <td data-label="A against B">
                {words === null ? (
                  <span class="quiet">–</span>
                ) : (
                  <span class={CLASSES[words.direction]}>
                    {SIGNS[words.direction]} {words.direction === 'same' ? 'not told apart' : words.words}
                  </span>
                )}
              </td>
              {answer.changes.length > 0 && (
                <>
                  <td data-label="Good" class="numbers">
                    {formatPoints(change?.total ?? null)}
                  </td>
                  <td data-label="of it other visitors" class="numbers">
                    {formatPoints(change?.mix ?? null)}
                  </td>
                  <td data-label="of it speed" class="numbers">
                    {formatPoints(change?.performance ?? null)}
                  </td>
                </>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  </div>
);

const SIGNS = { better: '↓', worse: '↑', same: '≈' } as const;
const CLASSES = { better: 'is-good', worse: 'is-poor', same: 'quiet' } as const;

const Side = ({ figures }: { readonly figures: VitalFigures | undefined }) => (
  <span class="side">
    <MiniDistribution figures={figures} />
    {figures?.interval !== null && figures?.interval !== undefined && (
      <span class="quiet side-interval">
        {formatVital(figures.vital, figures.interval.low)} –{' '}
        {formatVital(figures.vital, figures.interval.high)}
      </span>
    )}
  </span>
);
