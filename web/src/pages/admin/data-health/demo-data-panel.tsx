import { useEffect, useState } from 'preact/hooks';
import { fetchInstance } from '../../../api/session.ts';
import { Button } from '../../../parts/button.tsx';
import { Panel } from '../../../reports/panel.tsx';
import { useApp } from '../../../state/app-state.ts';
import { Confirm } from '../parts/confirm.tsx';
import { useAction } from '../parts/use-action.ts';

/** In a demo: what was generated, and the way to remove it. Elsewhere nothing. */
export const DemoDataPanel = () => {
  const { client, toasts, refresh } = useApp();
  const action = useAction();
  const [isDemo, setDemo] = useState(false);
  const [isAsked, setAsked] = useState(false);
  useEffect(() => {
    fetchInstance(client).then(
      ({ demo }) => setDemo(demo),
      () => undefined,
    );
  }, [client]);
  if (!isDemo) return null;
  const remove = async (): Promise<void> => {
    const removed = await action.send<{ readonly rows: number }>('DELETE', '/operations/demo-data');
    if (removed === undefined) return;
    setAsked(false);
    toasts.say(`${removed.rows.toLocaleString('en-GB')} generated beacons were removed.`);
    refresh();
  };
  return (
    <Panel
      title="Demo data"
      note="The demo's organizations have some weeks of generated page views, so that there is something to look at. Real beacons are counted beside them."
    >
      <div>
        <Button icon="trash" onClick={() => setAsked(true)}>
          Remove the generated page views
        </Button>
      </div>
      {isAsked && (
        <Confirm
          title="Remove the generated page views?"
          words="Remove them"
          action={action}
          onConfirm={() => void remove()}
          onClose={() => setAsked(false)}
        >
          <p>They cannot be brought back. What real visitors sent stays.</p>
        </Confirm>
      )}
    </Panel>
  );
};
