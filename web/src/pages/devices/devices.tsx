import { VITALS } from '#vitals';
import { reports } from '../../api/reports.ts';
import { BreakdownPanel } from '../../reports/breakdown-panel.tsx';
import { useSelected } from '../../reports/use-selected.ts';
import { VitalChoice } from '../../reports/vital-choice.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { useRequest } from '../../state/use-request.ts';
import { CoveragePanel } from './coverage-panel.tsx';
import { ValuePanel } from './value-panel.tsx';
import { DeviceGrid } from './device-grid.tsx';

/** With which devices and networks it is slow. */
export const Devices = () => {
  const selected = useSelected();
  const { view, selection } = selected;
  const grid = reports.grid(selection, 'device', 'browser', view.vital);
  const asked = useRequest(grid, 'first');
  // What is below the first chart waits for it.
  const isFirstThere = asked.data !== undefined || asked.error !== undefined;
  const below = { selected, isAsked: isFirstThere };
  const { label } = VITALS[view.vital];
  return (
    <>
      <PageTitle
        title="Devices and networks"
        note="With what visitors come, and what that does to them."
        actions={<VitalChoice />}
      />
      <DeviceGrid selected={selected} request={grid} asked={asked} />
      <div class="panels">
        <BreakdownPanel
          name="devices"
          title="Devices"
          dimensions={['device', 'operating_system']}
          {...below}
        />
        <BreakdownPanel
          name="browsers"
          title="Browsers"
          dimensions={['browser', 'browser_version', 'engine']}
          {...below}
        />
        <ValuePanel
          {...below}
          dimension="connection"
          title="Connection"
          note={`${label} by effective connection type, as the browser guesses it (Chromium).`}
        />
        <ValuePanel
          {...below}
          dimension="round_trip"
          title="Round trip"
          note="How long a packet takes there and back. Nothing makes a far server near."
        />
        <ValuePanel
          {...below}
          dimension="device_memory"
          title="Memory"
          note="Rounded by the browser (Chromium)."
        />
        <ValuePanel {...below} dimension="cpu_cores" title="CPU cores" note="As the browser tells them." />
        <ValuePanel {...below} dimension="screen_width" title="Screen width" note="In CSS pixels." />
        <ValuePanel {...below} dimension="protocol" title="Protocol" note="By which the page itself came." />
        <CoveragePanel {...below} />
      </div>
    </>
  );
};
