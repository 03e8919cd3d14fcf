import { useEffect, useState } from 'preact/hooks';

/** A value as it was when it last stood still for a moment: what is typed, for a search. */
export const useLater = <Value>(value: Value, afterMs = 250): Value => {
  const [later, setLater] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setLater(value), afterMs);
    return () => clearTimeout(timer);
  }, [value, afterMs]);
  return later;
};
