import { AppError, errorText, type Log } from '#core';
import { subjectOf } from './call.ts';
import { userIdOf } from './caller.ts';
import { isAbroad } from './context.ts';
import type { AuditEnd, AuditEntry, AuditSink } from './options.ts';
import type { PipelineRequest } from './pipeline-request.ts';

/**
 * Writes down, before the first byte goes to a module, that a request is executed for another tenant than the one where the caller belongs. Null:
 * it is not, which two comparisons say. Rejects with `GATEWAY_AUDIT` (503).
 */
export const auditBefore = (request: PipelineRequest, sink: AuditSink): Promise<AuditEnd | null> | null => {
  return isAbroad(request.context) ? write(entryOf(request), sink) : null;
};

const write = async (entry: AuditEntry, sink: AuditSink): Promise<AuditEnd | null> => {
  try {
    return await sink(entry);
  } catch (cause) {
    const message = `writing the audit of a request for ${entry.tenant}: ${errorText(cause)}`;
    throw new AppError('GATEWAY_AUDIT', message, { status: 503, cause });
  }
};

const entryOf = ({ context, plan, facts, path }: PipelineRequest): AuditEntry => ({
  requestId: context.requestId,
  transaction: context.transaction,
  userId: userIdOf(context.caller),
  subject: subjectOf(context.caller, null),
  // Without a known caller the relation is that of the tenant that was asked for.
  originTenant: context.originTenant === context.tenant ? context.requestedTenant : context.originTenant,
  tenant: context.tenant,
  relation: context.relation,
  rule: context.rule,
  module: plan.handler.module.id,
  method: facts.method,
  isRead: reads.has(facts.method),
  entry: plan.handler.label,
  path,
  permissionsRequired: plan.permissionsRequired,
  actors: context.actors,
  clientAddress: facts.clientAddress,
});

const reads: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** A sink that only logs; for gateways without an audit trail. */
export const auditToLog =
  (log: Log): AuditSink =>
  (entry) => {
    log.info('tenant_replaced', {
      request_id: entry.requestId,
      transaction: entry.transaction,
      user_id: entry.userId,
      origin_tenant: entry.originTenant,
      tenant: entry.tenant,
      relation: entry.relation,
      rule: entry.rule,
      module: entry.module,
      method: entry.method,
      entry: entry.entry,
    });
    return Promise.resolve(null);
  };
