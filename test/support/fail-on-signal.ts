// Loaded into a server before it starts (`--import`), so that a test can make it fail: SIGHUP rejects a promise that nobody waits for, SIGUSR2
// throws where nobody catches.
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('SIGHUP', () => void Promise.reject(new Error('nobody waits for this')));
  process.on('SIGUSR2', () => {
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
  });
}
