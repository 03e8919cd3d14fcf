import { AppError } from '#core';
import type { AuditQuestion } from './audit.ts';

const MOST_ENTRIES = 500;

/** Reads `limit` (1 to 500, default 100), `before` and `only` (`changes`: without reads) of a list of entries. Errors: `AUDIT_PARAMETER` (400). */
export const readAuditQuestion = (query: URLSearchParams, tenant: string | null): AuditQuestion => {
  const limit = Number(query.get('limit') ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ENTRIES)
    throw new AppError('AUDIT_PARAMETER', `limit: expected a whole number from 1 to ${MOST_ENTRIES}`, {
      status: 400,
    });
  const before = query.get('before');
  if (before !== null && !/^\d{15} [\w-]{0,64}$/.test(before))
    throw new AppError('AUDIT_PARAMETER', 'before: expected the value "next" of a list of entries', {
      status: 400,
    });
  const only = query.get('only');
  if (only !== null && only !== 'changes')
    throw new AppError('AUDIT_PARAMETER', 'only: expected "changes", or no such parameter', { status: 400 });
  return { tenant, limit, before, changesOnly: only === 'changes' };
};
