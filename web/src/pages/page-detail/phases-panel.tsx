import type { PhasesAnswer } from '#reports';
import { ENOUGH_TO_RATE } from '#vitals';
import { reports } from '../../api/reports.ts';
import { PhasesBar } from '../../charts/phases-bar.tsx';
import { formatCount } from '../../parts/numbers.ts';
import { Panel, Shown } from '../../reports/panel.tsx';
import type { Selected } from '../../reports/use-selected.ts';
import { useRequest } from '../../state/use-request.ts';

type PhaseName = PhasesAnswer['phases'][number]['phase'];

/** Names as web.dev has them, and what helps. */
const WORDS: Readonly<Record<PhaseName, readonly [name: string, hint: string]>> = {
  ttfb: ['Time to first byte', 'Server, redirects, distance'],
  load_delay: ['Resource load delay', 'Found late: preload it, keep it out of scripts'],
  load_duration: ['Resource load duration', 'Too large or too far away'],
  render_delay: ['Element render delay', 'Scripts and styles that block the paint'],
};

/** Of what the LCP consists. */
export const PhasesPanel = ({
  selected,
  isAsked,
}: {
  readonly selected: Selected;
  readonly isAsked: boolean;
}) => {
  const request = reports.phases(selected.selection);
  const phases = useRequest(isAsked ? request : null);
  return (
    <Panel
      title="What LCP consists of"
      note={`The p${selected.view.percentile} of each part by itself, of page views that tell all of them; the parts need not add up to the LCP.`}
      request={request}
    >
      <Shown
        asked={phases}
        height="180px"
        isEmpty={({ samples }) => samples < ENOUGH_TO_RATE}
        empty={
          <p class="panel-empty">
            {formatCount(phases.data?.samples ?? 0)} page views tell their parts: too few to say (
            {ENOUGH_TO_RATE} needed).
          </p>
        }
      >
        {(answer) => (
          <>
            <PhasesBar
              label="Parts of LCP"
              phases={answer.phases.map(({ phase, value }) => ({
                name: WORDS[phase][0],
                hint: WORDS[phase][1],
                value,
              }))}
            />
            <p class="quiet more-rows">From {formatCount(answer.samples)} page views.</p>
          </>
        )}
      </Shown>
    </Panel>
  );
};
