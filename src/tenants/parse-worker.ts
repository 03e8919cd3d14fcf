import { parentPort, workerData } from 'node:worker_threads';
import { parseUsersMap } from './parse.ts';

// A thread that reads one large users map, answers and ends: see parse-aside.ts.
if (workerData instanceof Uint8Array) parentPort?.postMessage(parseUsersMap(workerData));
