import type { CompareAnswer } from '#reports';
import { VITAL_IDS, VITALS } from '#vitals';
import { Histogram } from '../../charts/histogram.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { Panel } from '../../reports/panel.tsx';
import { useExtra } from '../../state/use-extra.ts';

/** Both distributions over each other: A as bars, B as an outline. */
export const Overlaid = ({
  answer,
  wordsA,
  wordsB,
}: {
  readonly answer: CompareAnswer;
  readonly wordsA: string;
  readonly wordsB: string;
}) => {
  const [vital, setVital] = useExtra('spread', 'lcp', VITAL_IDS);
  const distribution = answer.distributions.find((each) => each.vital === vital);
  const bins = distribution?.bins ?? [];
  return (
    <Panel
      title="Spread"
      note={
        <>
          <b class="side-a">A</b> bars: {wordsA}. <i class="overlay-key" /> <b class="side-b">B</b> outline:{' '}
          {wordsB}.
        </>
      }
      actions={
        <Segmented
          label="Spread of"
          value={vital}
          choices={answer.distributions.map(({ vital: value }) => ({ value, label: VITALS[value].label }))}
          onValue={setVital}
        />
      }
    >
      <Histogram
        label={`How ${VITALS[vital].name} is spread in A and B`}
        vital={vital}
        buckets={bins.map(({ from, to, a }) => ({ from, to, count: a }))}
        overlay={{ name: 'B', buckets: bins.map(({ from, to, b }) => ({ from, to, count: b })) }}
        height={300}
      />
    </Panel>
  );
};
