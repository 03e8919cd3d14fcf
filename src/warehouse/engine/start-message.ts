import type { SlotLimits } from './slots.ts';

/** What the parent tells the engine's process to do. */
export interface EngineOptions {
  /** `<data>/engine`: the engine's data lie in `clickhouse/` below it, temporary files in `spool/`. */
  readonly folder: string;
  /** Port on 127.0.0.1; 0 for any. */
  readonly port: number;
  /** Take any other port when this one is in use. */
  readonly mayMove: boolean;
  readonly username: string;
  readonly password: string;
  /** The engine's own limit for its memory, bytes; its statements fail with 241 before the process grows beyond. */
  readonly memoryBytes: number;
  /** Threads of one statement. */
  readonly threads: number;
  readonly slots: SlotLimits;
}

/** What the engine's process tells its parent. */
export type EngineMessage =
  | { readonly kind: 'ready'; readonly port: number; readonly version: string }
  /** Another process has the data open. */
  | { readonly kind: 'locked'; readonly pid: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Command-line arguments of the engine for these options. */
export const engineArguments = (options: EngineOptions): readonly string[] => [
  `--max_server_memory_usage=${options.memoryBytes}`,
  `--max_threads=${options.threads}`,
  // By default the engine reads with one thread as long as less than a gigabyte for each is free: never, with ours.
  '--max_threads_min_free_memory_per_thread=67108864',
  `--max_insert_threads=1`,
  // Merges of tables with two hundred columns hold tens of megabytes each: few at a time, and not more than a third.
  '--background_merges_mutations_concurrency_ratio=1',
  `--merges_mutations_memory_usage_soft_limit=${Math.floor(options.memoryBytes / 3)}`,
  // A row that was acknowledged must be in the table, not in a queue in memory.
  '--async_insert=0',
  // Parameters are set by a statement and may be long; the server's limit (256 KiB) is for statements alone.
  '--max_query_size=33554432',
  // Defaults of `clickhouse local` that a server does not have.
  '--implicit_select=0',
  '--allow_introspection_functions=0',
  '--mark_cache_size=33554432',
  '--index_mark_cache_size=8388608',
  '--uncompressed_cache_size=0',
  '--mmap_cache_size=0',
];
