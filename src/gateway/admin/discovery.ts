import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { AddressGuard } from '../stages/address-guard.ts';
import { answer, bad, created, inLocation, missing, nothing, shown } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { readShape } from './documents.ts';
import type { Health, HealthChecks } from './health.ts';
import { withoutSecret } from './hidden-secret.ts';
import { type InstanceSecrets, secretSchema } from './instance-secrets.ts';
import { isOwnAddress, type OwnPlace } from './own-address.ts';
import type { Discovery, DiscoveryRecord } from './store-world.ts';

const identifier = z.string().max(255);
const discoverySchema = z.strictObject({
  srvcId: identifier.optional(),
  instId: identifier.optional(),
  nodeId: identifier.optional(),
  url: z.string().max(2_000).optional(),
  secret: secretSchema.optional(),
  descriptor: z.record(z.string(), z.unknown()).optional(),
});

/** Instances asked for their health at the same time. */
const CHECKS_AT_ONCE = 16;

/** What discovery asks. */
export interface DiscoveryDeps {
  readonly guard: Pick<AddressGuard, 'urlProblem'>;
  readonly health: HealthChecks;
  readonly secrets: InstanceSecrets;
  readonly own: () => OwnPlace;
}

/** `/_/discovery`: where modules run. */
export const discoveryRoutes = (
  { store, deployment }: AdminWorld,
  { guard, health, secrets, own }: DiscoveryDeps,
): AdminRoutes => {
  const select = (srvcId?: string, instId?: string): readonly Discovery[] =>
    store
      .discoveries()
      .filter(
        (each) =>
          (srvcId === undefined || each.srvcId === srvcId) &&
          (instId === undefined || each.instId === instId),
      );
  const forget = async (found: readonly Discovery[]) => {
    for (const { instId } of found) await deployment.stop(instId);
    await store.forget(found.map(({ instId }) => instId));
    return nothing;
  };
  const healthOf = async (found: readonly Discovery[]): Promise<readonly Health[]> => {
    const answers: Health[] = [];
    for (let from = 0; from < found.length; from += CHECKS_AT_ONCE)
      answers.push(...(await Promise.all(found.slice(from, from + CHECKS_AT_ONCE).map(health.check))));
    return answers;
  };
  const keep = async (discovery: DiscoveryRecord) => {
    if (!(await store.discover(discovery))) {
      await deployment.stop(discovery.instId);
      throw bad(`Duplicate instId ${discovery.instId}`);
    }
    return created(locationOf(discovery), withoutSecret(discovery));
  };

  return {
    'GET /_/discovery/modules': () => answer(200, select()),
    'POST /_/discovery/modules': async ({ body }) => {
      const {
        srvcId = '',
        instId,
        nodeId,
        url,
        descriptor,
        secret: given,
      } = await readShape(body, discoverySchema);
      if (srvcId === '') throw bad('Needs srvcId');
      const module = store.descriptor(srvcId);
      if (module === undefined) return missing(`Module ${srvcId} not found`);
      if (store.isBuiltIn(srvcId)) throw bad(`Module ${srvcId} is built in and runs here only`);
      if (descriptor !== undefined && nodeId === undefined) throw bad('missing nodeId');
      if (instId !== undefined && select(undefined, instId).length > 0)
        throw bad(`Duplicate instId ${instId}`);
      if (nodeId !== undefined && url === undefined) {
        if (!deployment.isNode(nodeId)) return missing(`Node ${nodeId} not found`);
        const launch = descriptor ?? module.launchDescriptor;
        if (launch === undefined) throw bad(`Module ${srvcId} has no launchDescriptor`);
        const secret = secrets.decide(srvcId, given, true);
        const started = await deployment.start(srvcId, launch, instId ?? randomUUID(), secret);
        return keep({ ...started, ...(secret !== undefined && { secret }) });
      }
      if (instId === undefined || instId === '') throw bad('Needs instId');
      if (url === undefined) throw bad('Needs url');
      const problem = guard.urlProblem(url);
      if (problem !== null) throw bad(`${shown(url)}: ${problem}`);
      if (await isOwnAddress(url, own())) throw bad(`${shown(url)}: the gateway itself is there`);
      const secret = secrets.decide(srvcId, given, false);
      return keep({ srvcId, instId, url: url.replace(/\/$/, ''), ...(secret !== undefined && { secret }) });
    },
    'GET /_/discovery/modules/{srvcId}': (_request, [srvcId = '']) => {
      const found = select(srvcId);
      return found.length === 0 ? missing(srvcId) : answer(200, found);
    },
    'GET /_/discovery/modules/{srvcId}/{instId}': (_request, [srvcId = '', instId = '']) => {
      const [found] = select(srvcId, instId);
      return found === undefined ? missing(`${srvcId}/${instId}`) : answer(200, found);
    },
    'DELETE /_/discovery/modules': () => forget(select()),
    'DELETE /_/discovery/modules/{srvcId}': (_request, [srvcId = '']) => {
      const found = select(srvcId);
      return found.length === 0 ? missing(srvcId) : forget(found);
    },
    'DELETE /_/discovery/modules/{srvcId}/{instId}': (_request, [srvcId = '', instId = '']) => {
      const found = select(srvcId, instId);
      return found.length === 0 ? missing(`${srvcId}/${instId}`) : forget(found);
    },
    'GET /_/discovery/health': async () => answer(200, await healthOf(select())),
    'GET /_/discovery/health/{srvcId}': async (_request, [srvcId = '']) => {
      const found = select(srvcId);
      return found.length === 0 ? missing(srvcId) : answer(200, await healthOf(found));
    },
    'GET /_/discovery/health/{srvcId}/{instId}': async (_request, [srvcId = '', instId = '']) => {
      const [found] = select(srvcId, instId);
      return found === undefined ? missing(`${srvcId}/${instId}`) : answer(200, await health.check(found));
    },
    'GET /_/discovery/nodes': () => answer(200, [deployment.node()]),
    'GET /_/discovery/nodes/{id}': (_request, [id = '']) =>
      deployment.isNode(id) ? answer(200, deployment.node()) : missing(id),
  };
};

const locationOf = ({ srvcId, instId }: Discovery): string =>
  `/_/discovery/modules/${inLocation(srvcId)}/${inLocation(instId)}`;
