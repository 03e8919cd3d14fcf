import type { Clock } from '#core';
import type { TenantId } from '#tenants';
import type { WarehouseGate } from './gate.ts';
import type { InsertTrouble } from './ports.ts';
import type { Row } from './rows.ts';
import type { Settlement } from './settle.ts';

/** Rows of one tenant that are to be in its table. */
export interface FillTask {
  readonly tenant: TenantId;
  readonly rows: readonly Row[];
  readonly inDoubt: readonly Row[];
}

/** How it ended for one task; `running` when it was left alone because it took too long: it goes on in the background. */
export interface FillResult {
  readonly task: FillTask;
  readonly settlement: Settlement;
  readonly running: Promise<Settlement> | null;
}

/** What filling needs. */
export interface FillDeps {
  readonly settle: (
    tenant: TenantId,
    rows: readonly Row[],
    inDoubt: readonly Row[],
    signal: AbortSignal,
    onTrouble: (trouble: InsertTrouble) => void,
  ) => Promise<Settlement>;
  readonly gate: WarehouseGate;
  readonly clock: Clock;
}

/** Limits of filling. */
export interface FillOptions {
  readonly parallel: number;
  /** A tenant that needs longer while the server works is left behind, so that the others need not wait. */
  readonly patienceMs: number;
}

/** Fills the tables of several tenants, `parallel` at a time, one at most for each. */
export const fillTables = async (
  tasks: readonly FillTask[],
  deps: FillDeps,
  options: FillOptions,
  signal: AbortSignal,
): Promise<readonly FillResult[]> => {
  const waiting = [...tasks];
  const results: FillResult[] = [];
  const work = async (): Promise<void> => {
    for (let task = waiting.shift(); task !== undefined; task = waiting.shift())
      results.push(await fillOne(task, deps, options, signal));
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, tasks.length) }, work));
  return results;
};

const fillOne = async (
  task: FillTask,
  { settle, gate, clock }: FillDeps,
  { patienceMs }: FillOptions,
  signal: AbortSignal,
): Promise<FillResult> => {
  let trouble: InsertTrouble | null = null;
  const running = settle(task.tenant, task.rows, task.inDoubt, signal, (last) => {
    trouble = last;
  });
  const ended = new AbortController();
  const outOfPatience = async (): Promise<'slow'> => {
    for (;;) {
      const { outages, refusals } = gate;
      await clock.sleep(patienceMs, AbortSignal.any([ended.signal, signal]));
      // The time of an outage, or of a server that refuses everybody, is nobody's fault; after a stop everything ends by itself.
      const wasAtWork = gate.up && gate.refusal === null;
      const isSameTime = gate.outages === outages && gate.refusals === refusals;
      if (wasAtWork && isSameTime && !signal.aborted) return 'slow';
      if (ended.signal.aborted || signal.aborted) return await new Promise<never>(() => undefined);
    }
  };
  const first = await Promise.race([running, outOfPatience()]);
  ended.abort();
  if (first !== 'slow') return { task, settlement: first, running: null };
  const { code, reason } = trouble ?? {
    code: 'LOADER_TENANT_SLOW',
    reason: `an insert needs longer than ${patienceMs} ms`,
  };
  if (trouble !== null) gate.refused(trouble, 'table');
  return { task, settlement: { kind: 'behind', code, reason }, running };
};
