import { useEffect, useState } from 'preact/hooks';
import { fetchInstance } from '../../../api/session.ts';
import { Panel } from '../../../reports/panel.tsx';
import { useApp } from '../../../state/app-state.ts';
import { RemoveGenerated } from './remove-generated.tsx';

/** In a demo: what was generated, and the way to remove it. Elsewhere nothing. */
export const DemoDataPanel = () => {
  const { client } = useApp();
  const [isDemo, setDemo] = useState(false);
  useEffect(() => {
    fetchInstance(client).then(
      ({ demo }) => setDemo(demo),
      () => undefined,
    );
  }, [client]);
  if (!isDemo) return null;
  return (
    <Panel
      title="Demo data"
      note="The demo's organizations have some weeks of generated page views, so that there is something to look at. Real beacons are counted beside them."
    >
      <div>
        <RemoveGenerated words="Remove the generated page views" />
      </div>
    </Panel>
  );
};
