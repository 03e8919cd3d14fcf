import { useApp } from '../state/app-state.ts';
import { Button } from './button.tsx';

/** Copies text and says so. */
export const CopyButton = ({
  text,
  what,
  hasWords = true,
}: {
  readonly text: string;
  /** What it is, for the sentence: "The link". */
  readonly what: string;
  readonly hasWords?: boolean;
}) => {
  const { toasts } = useApp();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      toasts.say(`${what} was copied.`);
    } catch {
      // Without HTTPS browsers have no clipboard for scripts.
      toasts.say('The browser does not let pages copy here. Select the text and copy it.');
    }
  };
  return hasWords ? (
    <Button icon="copy" onClick={() => void copy()}>
      Copy
    </Button>
  ) : (
    <Button kind="quiet" icon="copy" label={`Copy: ${what}`} onClick={() => void copy()} />
  );
};
