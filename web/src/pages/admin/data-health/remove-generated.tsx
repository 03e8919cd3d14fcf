import { useState } from 'preact/hooks';
import { Button } from '../../../parts/button.tsx';
import { useApp } from '../../../state/app-state.ts';
import { Confirm } from '../parts/confirm.tsx';
import { useAction } from '../parts/use-action.ts';

/** Removes the page views that were made for the demo, after asking once more; for operators. */
export const RemoveGenerated = ({ words }: { readonly words: string }) => {
  const { toasts, refresh } = useApp();
  const action = useAction();
  const [isAsked, setAsked] = useState(false);
  const remove = async (): Promise<void> => {
    const removed = await action.send<{ readonly rows: number }>('DELETE', '/operations/demo-data');
    if (removed === undefined) return;
    setAsked(false);
    toasts.say(`${removed.rows.toLocaleString('en-GB')} generated beacons were removed.`);
    refresh();
  };
  return (
    <>
      <Button icon="trash" onClick={() => setAsked(true)}>
        {words}
      </Button>
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
    </>
  );
};
