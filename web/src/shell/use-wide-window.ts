import { useEffect, useState } from 'preact/hooks';

/** Is the window so wide (CSS px; default: wider than a phone)? Follows it. */
export const useWideWindow = (leastPx = 768): boolean => {
  const wide = `(min-width: ${leastPx}px)`;
  const [isWide, setWide] = useState(() => matchMedia(wide).matches);
  useEffect(() => {
    const query = matchMedia(wide);
    const follow = (): void => setWide(query.matches);
    query.addEventListener('change', follow);
    return () => query.removeEventListener('change', follow);
  }, [wide]);
  return isWide;
};
