import type { ModuleRequest } from '#gateway/contract';
import type { Audit } from '../audit/index.ts';
import type { Records } from '../records/index.ts';
import type { User } from '../users/directory.ts';
import { accountsDescriptor } from './descriptor.ts';

/** Writes into the organization's audit trail what was done about its accounts. `summary`: one sentence in the past, without secrets. */
export type Trail = (request: ModuleRequest, summary: string, by?: Doer) => Promise<void>;

/** Who did it, where the request does not say, and at which path, where that has a secret in it. */
export interface Doer {
  readonly userName: string;
  readonly path: string;
}

/** Creates it over the trail that all modules share. */
export const createTrail =
  (audit: Pick<Audit, 'record'>, users: Records<User>): Trail =>
  async (request, summary, by) => {
    const { originTenant, tenant, userId } = request;
    const user = userId === null ? undefined : await users.find(originTenant, userId);
    audit.record({
      kind: 'operation',
      userId,
      userName: by?.userName ?? user?.username ?? '',
      originTenant,
      tenant,
      relation: null,
      summary,
      module: accountsDescriptor.id,
      method: request.method,
      path: by?.path ?? request.path,
      status: 200,
      address: request.headers['x-okapi-request-ip'] ?? '',
      requestId: request.requestId,
    });
  };
