import { useEffect } from 'preact/hooks';
import type { Asked } from '../../../state/use-request.ts';

/** Asks again every `ms` while `isOn` and the page is looked at. */
export const usePolled = (asked: Pick<Asked<unknown>, 'reload'>, isOn: boolean, ms: number): void => {
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') asked.reload();
    }, ms);
    return () => clearInterval(timer);
  });
};
