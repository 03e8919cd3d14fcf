import { randomUUID } from 'node:crypto';
import type { LeftReason, ReplayOptions } from '#archive';
import { AppError, type Clock, type Running } from '#core';
import type { ReplayJob, ReplayJobs, ReplayRequest, ReplayResult } from '#modules';
import { isExpired, type Snapshot, type TenantId } from '#tenants';
import type { FromArchiveThread, PlainReport } from './archive-work.ts';
import type { ArchiveWorker } from './archive-worker.ts';

/** What replays as jobs need. */
export interface ReplayJobsDeps {
  readonly snapshot: () => Snapshot;
  readonly clock: Clock;
  /** The archive's folder. */
  readonly archive: string;
  readonly traceParameters: readonly string[];
  /** Is told of each replay that came to its end, or was stopped before. */
  readonly onEnd: (job: ReplayJob) => void;
  /** Begins a replay in a thread. */
  readonly begin: (options: ReplayOptions, onMessage: (message: FromArchiveThread) => void) => ArchiveWorker;
}

/** Jobs that are remembered at most; they are forgotten with the process. */
const MOST_JOBS = 50;

/** Replays as jobs, one at a time. */
export const createReplayJobs = (deps: ReplayJobsDeps): ReplayJobs & Running => {
  const { snapshot, clock, archive, traceParameters, begin, onEnd } = deps;
  const jobs = new Map<string, ReplayJob>();
  let current: { readonly id: string; readonly worker: ArchiveWorker } | undefined;
  const change = (id: string, changes: Partial<ReplayJob>): void => {
    const job = jobs.get(id);
    if (job !== undefined) jobs.set(id, { ...job, ...changes });
  };
  const end = (id: string, changes: Partial<ReplayJob>): void =>
    change(id, { endedAt: new Date(clock.now()).toISOString(), ...changes });

  const hear = (id: string, message: FromArchiveThread): void => {
    switch (message.kind) {
      case 'replay_progress': {
        const { kind: _kind, ...progress } = message;
        return change(id, { progress });
      }
      case 'replay_done': {
        const result = resultOf(message.report);
        const progress = jobs.get(id)?.progress;
        end(id, {
          state: result.stopped ? 'stopped' : 'done',
          result,
          ...(progress !== undefined &&
            !result.stopped && {
              progress: { ...progress, bytes: progress.totalBytes, beacons: result.read },
            }),
        });
        const ended = jobs.get(id);
        if (ended !== undefined) onEnd(ended);
        return;
      }
      case 'failed':
        return end(id, { state: 'failed', error: failureText(message) });
      case 'scan_done':
      case 'scan_progress':
        return;
    }
  };

  return {
    list: () => [...jobs.values()].toReversed(),
    find: (id) => jobs.get(id),
    start: (request, startedBy) => {
      if (current !== undefined && jobs.get(current.id)?.state === 'running')
        throw new AppError('REPLAY_RUNNING', 'another replay is running: wait for its end, or stop it', {
          status: 409,
        });
      const { tenant, trace, from, to, dryRun = false } = request;
      checkRequest(request, snapshot(), clock.now());
      const id = randomUUID();
      jobs.set(id, {
        id,
        state: 'running',
        folder: request.folder,
        tenant: tenant ?? null,
        trace: trace ?? null,
        from: from ?? null,
        to: to ?? null,
        dryRun,
        startedBy,
        startedAt: new Date(clock.now()).toISOString(),
        endedAt: null,
        progress: { bytes: 0, totalBytes: 0, beacons: 0, current: '' },
        result: null,
        error: '',
      });
      for (const [old] of [...jobs].slice(0, Math.max(0, jobs.size - MOST_JOBS))) jobs.delete(old);
      const worker = begin(
        {
          from: archive,
          folder: request.folder,
          since: from === undefined ? null : Date.parse(from),
          until: to === undefined ? null : Date.parse(to),
          // It was looked up in the users map just now.
          tenant: (tenant ?? null) as TenantId | null,
          trace: trace ?? null,
          as: null,
          own: false,
          dryRun,
          ratePerSecond: 0,
          traceParameters,
        },
        (message) => hear(id, message),
      );
      current = { id, worker };
      void worker.ended.then(() => {
        if (current?.worker === worker) current = undefined;
      });
      return jobs.get(id) as ReplayJob;
    },
    cancel: (id) => {
      if (current?.id === id) current.worker.cancel();
      return jobs.get(id);
    },
    stop: async () => current?.worker.stop(),
  };
};

/** What has to be true before anything is read. */
const checkRequest = (request: ReplayRequest, snapshot: Snapshot, now: number): void => {
  const refuse = (code: string, parameter: string, message: string): never => {
    throw new AppError(code, `${parameter}: ${message}`, { status: 422, details: { parameter } });
  };
  const { folder, tenant, from, to } = request;
  if (folder !== 'unknown' && folder !== 'expired' && snapshot.byId(folder) === undefined)
    refuse('REPLAY_NO_FOLDER', 'folder', 'expected unknown, expired, or an organization of the users map');
  const found = tenant === undefined ? undefined : snapshot.byId(tenant);
  if (tenant !== undefined && found === undefined)
    refuse('REPLAY_NO_TENANT', 'tenant', 'the users map has no such organization: add it first');
  if (found !== undefined && isExpired(found, now))
    refuse('REPLAY_TENANT_EXPIRED', 'tenant', `${found.id} is expired: renew it first`);
  if (from !== undefined && to !== undefined && Date.parse(from) >= Date.parse(to))
    refuse('REPLAY_EMPTY_RANGE', 'to', 'the end of the range is before its beginning');
};

const resultOf = (report: PlainReport): ReplayResult => ({
  read: report.read,
  tenants: report.tenants
    .map(([tenant, { inserted, existing, quarantined, refused }]) => ({
      tenant,
      inserted,
      existing,
      quarantined,
      notAccepted: refused,
    }))
    .toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1)),
  left: (Object.entries(report.left) as [LeftReason, number][])
    .filter(([, count]) => count > 0)
    .map(([reason, count]) => ({ reason, count })),
  badLines: report.badLines,
  stopped: report.stopped,
});

const failureText = ({ code, reason }: { readonly code: string; readonly reason: string }): string =>
  code === 'JOURNAL_LOCKED' ? 'another replay runs in another process: wait for its end' : reason;
