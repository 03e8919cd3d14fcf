import { Button } from '../parts/button.tsx';
import { useApp } from '../state/app-state.ts';
import { useLock } from '../state/use-lock.ts';
import { lighterThan } from './lighter.ts';

/** Ways to ask for less than what took too much; each is another address. */
export const LighterOffers = () => {
  const { router, now } = useApp();
  const isHeld = useLock()?.period !== undefined;
  return (
    <>
      {lighterThan(router.address.value.view, now.value, isHeld).map(({ words, change }) => (
        <Button key={words} onClick={() => router.setView(change)}>
          {words}
        </Button>
      ))}
    </>
  );
};
