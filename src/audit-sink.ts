import { LRUCache } from 'lru-cache';
import type { Clock } from '#core';
import type { AuditEnd, AuditEntry, AuditSink } from '#gateway';
import type { Audit } from '#modules';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Shared entries that are remembered at most; beyond that there are more entries than necessary. */
const MOST_SHARED = 10_000;
/** Page views of single visitors: each look at them has its own entry. */
const NEVER_SHARED = 'reports.page-views.get';
/** Figures of many visitors. */
const A_DAY_LONG = 'reports.get';

/**
 * The gateway's audit in the audit trail. A change has an entry of its own, which is completed with its status; reads of the same user at the same
 * module for the same organization from the same address by the same relation share one for a minute, those of reports for a day (UTC). What is shared is an entry that is
 * on disk; an entry that cannot be written ends all sharing, so that nothing is let through until the trail can be written again.
 */
export const createAuditSink = (audit: Pick<Audit, 'write'>, clock: Clock): AuditSink => {
  const shared = new LRUCache<string, Shared>({ max: MOST_SHARED });
  const write = async (entry: AuditEntry, kind: 'acting' | 'replaced'): Promise<AuditEnd> => {
    try {
      return await audit.write(trailEntry(entry, kind));
    } catch (error) {
      shared.clear();
      throw error;
    }
  };
  return async (entry) => {
    if (!entry.isRead) return write(entry, 'acting');
    if (entry.permissionsRequired.includes(NEVER_SHARED)) {
      await write(entry, 'replaced');
      return null;
    }
    const key = keyOf(entry);
    const now = clock.now();
    let found = shared.get(key);
    // A clock that was set back makes a new one, too.
    if (found === undefined || now >= found.until || now < found.since) {
      const written = write(entry, 'replaced');
      found = { since: now, until: endOfSharing(entry, now), written };
      shared.set(key, found);
    }
    await found.written;
    return null;
  };
};

interface Shared {
  readonly since: number;
  readonly until: number;
  readonly written: Promise<unknown>;
}

const keyOf = (entry: AuditEntry): string =>
  [
    entry.userId ?? '',
    entry.subject,
    entry.originTenant,
    entry.tenant,
    entry.module,
    entry.relation ?? '',
    entry.clientAddress,
  ].join('\n');

const endOfSharing = ({ permissionsRequired }: AuditEntry, now: number): number =>
  permissionsRequired.includes(A_DAY_LONG) ? now - (now % DAY_MS) + DAY_MS : now + MINUTE_MS;

const trailEntry = (entry: AuditEntry, kind: 'acting' | 'replaced'): Parameters<Audit['write']>[0] => ({
  kind,
  userId: entry.userId,
  userName: entry.subject,
  originTenant: entry.originTenant,
  tenant: entry.tenant,
  relation: entry.relation,
  summary: '',
  module: entry.module,
  method: entry.method,
  path: entry.path,
  status: null,
  address: entry.clientAddress,
  requestId: entry.requestId,
});
