import { Agent, request } from 'undici';
import { AppError, type Clock, errorText, type Running } from '#core';
import { sign, signatureHeader } from '../signature.ts';
import { type AddressGuard, createGuardedConnector } from '../stages/address-guard.ts';
import { shown } from './answers.ts';
import type { Discovery } from './store-world.ts';

/** Okapi's HealthDescriptor. */
export interface Health {
  readonly instId: string;
  readonly srvcId: string;
  readonly healthMessage: string;
  readonly healthStatus: boolean;
}

/** Asks instances whether they answer. */
export interface HealthChecks extends Running {
  check(discovery: Discovery): Promise<Health>;
}

const CONNECT_MS = 3_000;
const ANSWER_MS = 5_000;

/**
 * Creates the checks. They connect to where modules may run and nowhere else, judged by the address that is really connected to; redirects are
 * not followed, and what an instance answers is not told. `secretOf` gives the secret of an instance, with which its check is signed.
 */
export const createHealthChecks = (
  guard: AddressGuard,
  secretOf: (discovery: Discovery) => string | undefined,
  clock: Clock,
): HealthChecks => {
  const agent = new Agent({
    connect: createGuardedConnector(guard, CONNECT_MS),
    headersTimeout: ANSWER_MS,
    bodyTimeout: ANSWER_MS,
    maxResponseSize: 1_048_576,
  });
  let stopped: Promise<void> | undefined;
  return {
    check: async (discovery) => {
      const { srvcId, instId, url } = discovery;
      try {
        const problem = guard.urlProblem(url);
        if (problem !== null) throw new AppError('GATEWAY_URL_REFUSED', problem);
        const secret = secretOf(discovery);
        const checked = { from: 'gateway', method: 'GET', uri: new URL(url).pathname, headers: [] } as const;
        const { body } = await request(url, {
          ...(secret !== undefined && { headers: { [signatureHeader]: sign(secret, checked, clock.now()) } }),
          dispatcher: agent,
          signal: AbortSignal.timeout(CONNECT_MS + ANSWER_MS),
        });
        await body.dump({ limit: 65_536 });
        return { instId, srvcId, healthMessage: 'OK', healthStatus: true };
      } catch (error) {
        return { instId, srvcId, healthMessage: `Fail: ${shown(errorText(error))}`, healthStatus: false };
      }
    },
    stop: () => (stopped ??= agent.destroy()),
  };
};
