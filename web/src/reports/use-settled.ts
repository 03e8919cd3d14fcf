import { useEffect, useState } from 'preact/hooks';

const PAUSE_MS = 250;

/** A text once it has not changed for a moment, so that typing asks once. */
export const useSettled = (text: string): string => {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text.trim()), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
};
