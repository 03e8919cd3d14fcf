import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LoaderStatus } from '#loader';

/** What the health of a process is told from. */
export interface HealthParts {
  /** Can beacons be taken? Null: this process takes none. */
  readonly journal: () => { readonly trouble: string | null } | null;
  readonly mapProblems: () => number;
  /** Null: the loader has not been started yet. */
  readonly loader: () => LoaderStatus | null;
  /** Does this process load? */
  readonly loads: boolean;
  readonly isReady: () => boolean;
}

/** The answer to `/health?deep=1`, and to the health of a process that only loads. */
export interface DeepHealth {
  /** One sentence for each part that is not as it should be; empty: all is well. For everybody: no names, no texts of errors. */
  problems(): readonly string[];
  /** Answers 200 `ok`, or 503 with `degraded` and a line for each problem. */
  answerDeep(request: IncomingMessage, response: ServerResponse): void;
  /** Answers 200 `ok` while the loader runs or waits for its turn, else 503 with a sentence. */
  answerLoader(response: ServerResponse): void;
}

/** The address of the deep look. Others of `/health` belong to load balancers, which must not take beacons away because of the loader. */
export const DEEP_HEALTH = '/health?deep=1';

/** Creates it. */
export const createDeepHealth = (parts: HealthParts): DeepHealth => {
  const problems = (): readonly string[] => {
    const found: string[] = [];
    const trouble = parts.journal()?.trouble ?? null;
    if (trouble !== null) found.push('journal: it cannot be written, beacons are refused');
    if (parts.mapProblems() > 0) found.push('users_map: the file is refused, the last good one is in force');
    if (parts.loads) found.push(...loaderProblems(parts.loader()));
    if (!parts.isReady()) found.push('start: not everything has been started');
    return found;
  };
  return {
    problems,
    answerDeep: (_request, response) => {
      const found = problems();
      answer(response, found.length === 0 ? null : ['degraded', ...found].join('\n'));
    },
    answerLoader: (response) => {
      const state = parts.loader()?.state ?? 'not started';
      const isWell = state === 'running' || state === 'waiting' || state === 'starting';
      answer(response, isWell ? null : `the loader is ${state}`);
    },
  };
};

const loaderProblems = (status: LoaderStatus | null): readonly string[] => {
  if (status === null) return ['warehouse: it has not been opened'];
  const { state, warehouse, lagging } = status;
  if (state === 'waiting') return ['loader: it waits, another one holds the data folder'];
  if (state !== 'running') return [`loader: it is ${state}`];
  return [
    ...(warehouse.up ? [] : ['warehouse: it does not answer, beacons wait in the journal']),
    ...(lagging.length === 0 ? [] : [`loader: ${lagging.length} organizations lag`]),
  ];
};

const answer = (response: ServerResponse, problem: string | null): void => {
  response.writeHead(problem === null ? 200 : 503, {
    'content-type': 'text/plain',
    'cache-control': 'no-store',
  });
  response.end(problem ?? 'ok');
};
