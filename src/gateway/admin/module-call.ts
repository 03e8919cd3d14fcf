import { type AppError, errorCode, errorText } from '#core';
import type { IncomingResponse } from '../contract.ts';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { SystemCalls } from '../system-call.ts';
import { bad, shown } from './answers.ts';

/** Calls a module's system interface. Errors: 400 with Okapi's sentences for anything but a 2xx. */
export type ModuleCall = (method: string, path: string, body?: object) => Promise<IncomingResponse>;

/** Calls of one module for one tenant. */
export const moduleCall =
  (system: SystemCalls['system'], tenant: string, { id: moduleId }: ModuleDescriptor): ModuleCall =>
  async (method, path, body) => {
    const failed = (why: string): AppError =>
      bad(`${method} request for ${moduleId} ${path} failed with ${why}`);
    const answer = await system({
      tenant,
      moduleId,
      method,
      path,
      ...(body && { body: JSON.stringify(body) }),
    }).catch((error: unknown) => {
      throw errorCode(error) === 'GATEWAY_NO_INSTANCE'
        ? bad(`No running instances for module ${moduleId}. Can not invoke ${path}`)
        : failed(shown(errorText(error)));
    });
    if (answer.status >= 200 && answer.status <= 299) return answer;
    throw failed(`${answer.status}: ${answer.text()}`);
  };
