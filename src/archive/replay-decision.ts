import { isExpired, type Snapshot, type Tenant, type TenantId } from '#tenants';
import type { ArchivedBeacon } from './beacon.ts';

/** Which beacons are wanted, and what they are taken for. Nulls: no restriction. */
export interface ReplaySelection {
  /** Receive time from (inclusive) and until (exclusive), epoch ms. */
  readonly since: number | null;
  readonly until: number | null;
  /** Only beacons that belong to this tenant now. */
  readonly tenant: TenantId | null;
  /** Only beacons with this trace. */
  readonly trace: string | null;
  /** Whose the lines of others are that carry no trace of a tenant. */
  readonly as: TenantId | null;
}

/** What becomes of a beacon, with the users map as it is now. */
export type ReplayDecision =
  | { readonly kind: 'insert'; readonly tenant: TenantId }
  | {
      readonly kind: 'leave';
      /**
       * `not_selected`: range, trace or tenant; `unknown`: nobody has the trace; `expired`: its tenant is expired;
       * `removed`: its tenant has left the users map.
       */
      readonly why: 'not_selected' | 'unknown' | 'expired' | 'removed';
    };

/**
 * Decides anew where a beacon belongs. One that was `unknown` or `expired`, or comes from others, goes to the active tenant of its trace. One
 * that was accepted for a tenant stays with this tenant, even when the trace has another owner today: nobody gets to see what was
 * measured for somebody else.
 */
export const decideReplay = (
  beacon: ArchivedBeacon,
  snapshot: Snapshot,
  now: number,
  selection: ReplaySelection,
): ReplayDecision => {
  const { receivedAt, trace } = beacon.record;
  if (selection.since !== null && receivedAt < selection.since) return NOT_SELECTED;
  if (selection.until !== null && receivedAt >= selection.until) return NOT_SELECTED;
  if (selection.trace !== null && trace !== selection.trace) return NOT_SELECTED;
  const decision = decideOwner(beacon, snapshot, now, selection.as);
  const isOther =
    decision.kind === 'insert' && selection.tenant !== null && decision.tenant !== selection.tenant;
  return isOther ? NOT_SELECTED : decision;
};

const NOT_SELECTED: ReplayDecision = { kind: 'leave', why: 'not_selected' };

const decideOwner = (
  { dialect, record }: ArchivedBeacon,
  snapshot: Snapshot,
  now: number,
  as: TenantId | null,
): ReplayDecision => {
  const { destination, trace } = record;
  if (dialect === 'rumbrella' && destination !== 'unknown' && destination !== 'expired')
    return belongsTo(snapshot.byId(destination), now) ?? { kind: 'leave', why: 'removed' };
  return (
    belongsTo(snapshot.byTrace(trace), now) ??
    (as !== null && dialect !== 'rumbrella'
      ? { kind: 'insert', tenant: as }
      : { kind: 'leave', why: 'unknown' })
  );
};

const belongsTo = (tenant: Tenant | undefined, now: number): ReplayDecision | null => {
  if (tenant === undefined) return null;
  return isExpired(tenant, now) ? { kind: 'leave', why: 'expired' } : { kind: 'insert', tenant: tenant.id };
};
