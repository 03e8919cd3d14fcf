import { AppError } from '#core';
import type { Handler, ModuleRequest, ModuleResponse } from '#gateway/contract';
import type { Audit } from './audit.ts';

/** Something that is about to be done, and how it is told in the trail. */
export interface Deed {
  /** One sentence, in the past: `renewed fashion_bg until 2027-12-25`. */
  readonly summary: string;
  /** For whom it is done. */
  readonly tenant: string;
  readonly relation?: string;
  /** Other organizations that it concerns. */
  readonly also?: readonly string[];
  run(): Promise<ModuleResponse>;
}

/** What a module may do for itself to write down who did something. The entry needs it as module permission. */
export const READS_USER = 'users.item.get';

/**
 * A handler whose deeds stand in the trail, with their result, whatever it is. `plan` reads the request; what it answers as a response (something
 * is wrong with the request) was nothing done and is not written down.
 */
export const recorded =
  (
    audit: Audit,
    module: string,
    plan: (request: ModuleRequest) => Promise<Deed | ModuleResponse> | Deed | ModuleResponse,
    refuse: (error: unknown) => ModuleResponse,
  ): Handler =>
  async (request) => {
    const deed = await planned(request, plan, refuse);
    if ('status' in deed) return deed;
    const write = async (status: number): Promise<void> =>
      audit.record(
        {
          kind: 'operation',
          userId: request.userId,
          userName: await readUserName(request),
          originTenant: request.originTenant,
          tenant: deed.tenant,
          relation: deed.relation ?? null,
          summary: deed.summary,
          module,
          method: request.method,
          path: request.path,
          status,
          address: request.headers['x-okapi-request-ip'] ?? '',
          requestId: request.requestId,
        },
        deed.also,
      );
    try {
      const response = await deed.run();
      await write(response.status);
      return response;
    } catch (error) {
      await write(error instanceof AppError ? error.status : 500);
      return refuse(error);
    }
  };

const planned = async (
  request: ModuleRequest,
  plan: (request: ModuleRequest) => Promise<Deed | ModuleResponse> | Deed | ModuleResponse,
  refuse: (error: unknown) => ModuleResponse,
): Promise<Deed | ModuleResponse> => {
  try {
    return await plan(request);
  } catch (error) {
    return refuse(error);
  }
};

/** The user's name as the users module has it; '' when it does not say. */
const readUserName = async (request: ModuleRequest): Promise<string> => {
  if (request.userId === null) return '';
  try {
    const path = `/users/${encodeURIComponent(request.userId)}`;
    const answer = await request.call({ method: 'GET', path });
    if (answer.status !== 200) return '';
    return (answer.json() as { username?: string }).username ?? '';
  } catch {
    return '';
  }
};
