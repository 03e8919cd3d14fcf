import { Worker } from 'node:worker_threads';
import { errorText } from '#core';
import { type ParsedMap, parseUsersMap } from './parse.ts';
import { mapProblem } from './problem.ts';
import type { Relation } from './relation.ts';

/** Up to this size a map is read in the calling thread: about 15 ms. */
const INLINE_BYTES = 65_536;
const TIMEOUT_MS = 30_000;
const MAX_HEAP_MB = 1_024;

/**
 * Reads a users map like `parseUsersMap`; a large one in a thread of its own, so that ten thousand tenants (about a second of
 * work) do not stop the beacons meanwhile, and with limits on time and memory. Never rejects.
 */
export const parseAside = async (bytes: Uint8Array, signal?: AbortSignal): Promise<ParsedMap> => {
  if (bytes.length <= INLINE_BYTES) return parseUsersMap(bytes);
  try {
    return revive(await parseInThread(bytes, signal));
  } catch (error) {
    const problem = mapProblem(
      null,
      '',
      `a file that could not be read in time (${errorText(error)})`,
      'a users map',
    );
    return { tenants: [], relations: [], problems: [problem], warnings: [] };
  }
};

const parseInThread = (bytes: Uint8Array, signal: AbortSignal | undefined): Promise<ParsedMap> =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./parse-worker.ts', import.meta.url), {
      workerData: bytes,
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    });
    const timer = setTimeout(() => end(new Error(`no answer after ${TIMEOUT_MS} ms`)), TIMEOUT_MS);
    const abort = (): void => end(new Error('stopped'));
    const end = (result: ParsedMap | Error): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      void worker.terminate();
      if (result instanceof Error) reject(result);
      else resolve(result);
    };
    signal?.addEventListener('abort', abort);
    worker.on('message', (parsed: ParsedMap) => end(parsed));
    worker.on('error', (error: Error) => end(error));
    worker.on('exit', (code) => end(new Error(`the thread ended with ${code}`)));
  });

/** Copies between threads are neither frozen nor without prototype: makes them as the parser made them. */
const revive = (parsed: ParsedMap): ParsedMap => ({
  tenants: parsed.tenants.map((tenant) => deepFreeze(tenant)),
  relations: parsed.relations.map((relation) => deepFreeze(withoutPrototypes(relation))),
  problems: parsed.problems,
  warnings: parsed.warnings,
});

const withoutPrototypes = (relation: Relation): Relation => ({
  ...relation,
  when: relation.when.map((rule) => ({ ...rule, query: bare(rule.query), body: bare(rule.body) })),
});

const bare = (values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.assign(Object.create(null) as Record<string, string>, values);

const deepFreeze = <T extends object>(value: T): T => {
  for (const member of Object.values(value))
    if (typeof member === 'object' && member !== null) deepFreeze(member);
  return Object.freeze(value);
};
