import { useEffect, useState } from 'preact/hooks';

/** Says that there is no network, as long as there is none. */
export const OfflineBar = () => {
  const [isOnline, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const follow = (): void => setOnline(navigator.onLine);
    window.addEventListener('online', follow);
    window.addEventListener('offline', follow);
    return () => {
      window.removeEventListener('online', follow);
      window.removeEventListener('offline', follow);
    };
  }, []);
  return (
    <div role="status">
      {!isOnline && <p class="offline-bar">You are offline. What you see is as it was before.</p>}
    </div>
  );
};
