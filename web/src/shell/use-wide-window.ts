import { useEffect, useState } from 'preact/hooks';

const WIDE = '(min-width: 768px)';

/** Is the window wider than a phone? Follows it. */
export const useWideWindow = (): boolean => {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches);
  useEffect(() => {
    const query = matchMedia(WIDE);
    const follow = (): void => setWide(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, []);
  return isWide;
};
