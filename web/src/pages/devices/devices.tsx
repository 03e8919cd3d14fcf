import { VITALS } from '#vitals';
import { BreakdownPanel } from '../../reports/breakdown-panel.tsx';
import { useSelected } from '../../reports/use-selected.ts';
import { VitalChoice } from '../../reports/vital-choice.tsx';
import { PageTitle } from '../../shell/page-title.tsx';
import { CoveragePanel } from './coverage-panel.tsx';
import { ValuePanel } from './value-panel.tsx';
import { DeviceGrid } from './device-grid.tsx';

/** With which devices and networks it is slow. */
export const Devices = () => {
  const selected = useSelected();
  const { view } = selected;
  const { label } = VITALS[view.vital];
  return (
    <>
      <PageTitle
        title="Devices and networks"
        note="With what visitors come, and what that does to them."
        actions={<VitalChoice />}
      />
      <DeviceGrid selected={selected} />
      <div class="panels">
        <BreakdownPanel
          name="devices"
          title="Devices"
          dimensions={['device', 'operating_system']}
          selected={selected}
        />
        <BreakdownPanel
          name="browsers"
          title="Browsers"
          dimensions={['browser', 'browser_version', 'engine']}
          selected={selected}
        />
        <ValuePanel
          selected={selected}
          dimension="connection"
          title="Connection"
          note={`${label} by effective connection type, as the browser guesses it (Chromium).`}
        />
        <ValuePanel
          selected={selected}
          dimension="round_trip"
          title="Round trip"
          note="How long a packet takes there and back. Nothing makes a far server near."
        />
        <ValuePanel
          selected={selected}
          dimension="device_memory"
          title="Memory"
          note="Rounded by the browser (Chromium)."
        />
        <ValuePanel
          selected={selected}
          dimension="cpu_cores"
          title="CPU cores"
          note="As the browser tells them."
        />
        <ValuePanel selected={selected} dimension="screen_width" title="Screen width" note="In CSS pixels." />
        <ValuePanel
          selected={selected}
          dimension="protocol"
          title="Protocol"
          note="By which the page itself came."
        />
        <CoveragePanel selected={selected} />
      </div>
    </>
  );
};
