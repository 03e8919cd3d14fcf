import { VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { BounceChart } from '../../charts/bounce-chart.tsx';
import { Histogram } from '../../charts/histogram.tsx';
import { Select } from '../../parts/field.tsx';
import { formatCount } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { useNoteDialog } from '../../reports/use-note-dialog.tsx';
import { type Selected, useSelected } from '../../reports/use-selected.ts';
import { VitalChoice } from '../../reports/vital-choice.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useExtra } from '../../state/use-extra.ts';
import { useRequest } from '../../state/use-request.ts';
import { TimeHeat } from './time-heat.tsx';

/** All values instead of one percentile: how they are spread, how that changes, and whether slow visitors leave. */
export const Distributions = () => {
  const selected = useSelected();
  const { view, selection } = selected;
  const spread = reports.distribution(selection, view.vital);
  const landings = reports.bounce(selection, view.vital);
  const asked = useRequest(spread, 'first');
  const isFirstThere = asked.data !== undefined || asked.error !== undefined;
  const bounce = useRequest(isFirstThere ? landings : null, 'second');
  const notes = useNoteDialog(selected, isFirstThere);
  const { label } = VITALS[view.vital];
  return (
    <>
      <PageTitle
        title="Distributions"
        note="A percentile is one point; here is the whole of it."
        actions={<VitalChoice />}
      />
      <SpreadPanel selected={selected} asked={asked} isAsked={isFirstThere} />
      <Panel
        title="Do slow visitors leave?"
        note={`Bars: page views that began a session, by ${label}. Line: how many of them stayed the only one of their session. It shows that both go together, not that one causes the other.`}
        request={landings}
      >
        <Shown
          asked={bounce}
          height="240px"
          isEmpty={({ bins }) => bins.every(({ landings }) => landings === 0)}
        >
          {({ bins, vital }) => (
            <BounceChart label={`Landings and bounces by ${VITALS[vital].name}`} vital={vital} bins={bins} />
          )}
        </Shown>
      </Panel>
      <TimeHeat selected={selected} isAsked={isFirstThere} notes={notes} />
      {notes.dialog}
    </>
  );
};

const OVERLAYS = [
  { value: 'none', label: 'Nothing over it' },
  { value: 'period', label: 'The other period' },
  { value: 'device:mobile', label: 'Mobile alone' },
  { value: 'device:desktop', label: 'Desktop alone' },
  { value: 'navigation_type:reload', label: 'Reloads alone' },
] as const;

const OVERLAY_NAMES = OVERLAYS.map(({ value }) => value);
const BARS = ['share', 'cumulative'] as const;

const SpreadPanel = ({
  selected,
  asked,
  isAsked,
}: {
  readonly selected: Selected;
  readonly asked: ReturnType<typeof useRequest<import('#reports').DistributionAnswer>>;
  readonly isAsked: boolean;
}) => {
  const { view, selection, compared } = selected;
  const [bars, setBars] = useExtra('bars', 'share', BARS);
  const [chosen, setOverlay] = useExtra('over', 'none', OVERLAY_NAMES);
  const overlay = chosen === 'period' && compared === null ? 'none' : chosen;
  const other = useRequest(
    isAsked && overlay !== 'none'
      ? reports.distribution(
          overlay === 'period' && compared !== null
            ? compared
            : [...selection, ['filter', overlay.replace(':', ':is:')]],
          view.vital,
        )
      : null,
  );
  const choices = OVERLAYS.filter(({ value }) => value !== 'period' || compared !== null);
  const words = OVERLAYS.find(({ value }) => value === overlay)?.label ?? '';
  return (
    <Panel
      title={`How ${VITALS[view.vital].name} is spread`}
      note="On a logarithmic axis: twice as slow is always as far. Bars have the colours of the thresholds, which are named above them."
      request={reports.distribution(selection, view.vital)}
      actions={
        <>
          <Select label="Lay over it" value={overlay} choices={choices} onValue={setOverlay} />
          <Segmented
            label="Bars show"
            value={bars}
            choices={[
              { value: 'share', label: 'Shares' },
              { value: 'cumulative', label: 'Up to here' },
            ]}
            onValue={setBars}
          />
        </>
      }
    >
      <Shown asked={asked} height="369px" isEmpty={({ buckets }) => buckets.length === 0}>
        {({ buckets, percentiles, figures, vital }) => (
          <>
            <Histogram
              label={`How ${VITALS[vital].name} is spread`}
              vital={vital}
              buckets={buckets}
              percentiles={percentiles}
              cumulative={bars === 'cumulative'}
              height={320}
              overlay={
                other.data === undefined || other.isStale || overlay === 'none'
                  ? undefined
                  : { name: words, buckets: other.data.buckets }
              }
            />
            <p class="quiet more-rows">
              {formatCount(figures.samples)} page views with a value.
              {overlay !== 'none' && other.data !== undefined && (
                <>
                  {' '}
                  <i class="overlay-key" aria-hidden="true" /> {words}:{' '}
                  {formatCount(other.data.figures.samples)}.
                </>
              )}
            </p>
          </>
        )}
      </Shown>
    </Panel>
  );
};
