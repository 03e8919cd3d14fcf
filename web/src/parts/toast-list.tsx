import { useApp } from '../state/app-state.ts';
import { Button } from './button.tsx';
import './toast.css';

/** The sentences that are being said, read out as they come. Once in the frame. */
export const ToastList = () => {
  const { toasts } = useApp();
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.list.value.map(({ id, sentence, action }) => (
        <div key={id} class="toast">
          <p>{sentence}</p>
          {action !== undefined && (
            <Button
              kind="quiet"
              onClick={() => {
                toasts.dismiss(id);
                action.run();
              }}
            >
              {action.words}
            </Button>
          )}
          <Button kind="quiet" icon="close" label="Dismiss" onClick={() => toasts.dismiss(id)} />
        </div>
      ))}
    </div>
  );
};
