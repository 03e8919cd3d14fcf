import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { errorText } from '#core';
import { answer, bad, created, inLocation, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import type { Discovery } from './persistent-store.ts';

const discoverySchema = z.strictObject({
  srvcId: z.string().optional(),
  instId: z.string().optional(),
  nodeId: z.string().optional(),
  url: z.string().optional(),
  descriptor: z.looseObject({}).optional(),
});

/** `/_/discovery`: where modules run. */
export const discoveryRoutes = ({ store, checkUrl, deployment }: AdminWorld): AdminRoutes => {
  const select = (srvcId?: string, instId?: string): readonly Discovery[] =>
    store
      .discoveries()
      .filter(
        (each) =>
          (srvcId === undefined || each.srvcId === srvcId) &&
          (instId === undefined || each.instId === instId),
      );
  const forget = async (found: readonly Discovery[], what: string) => {
    if (found.length === 0) return missing(what);
    for (const { instId } of found) {
      await deployment.stop(instId);
      await store.forget(instId);
    }
    return nothing;
  };
  const health = (found: readonly Discovery[]) => Promise.all(found.map(checkHealth));

  return {
    'GET /_/discovery/modules': () => answer(200, select()),
    'POST /_/discovery/modules': async ({ body }) => {
      const parsed = discoverySchema.safeParse(await body.json());
      if (!parsed.success) throw bad(parsed.error.issues.map(({ message }) => message).join('. '));
      const { srvcId, instId, nodeId, url, descriptor } = parsed.data;
      if (srvcId === undefined || srvcId === '') throw bad('Needs srvcId');
      const module = store.descriptor(srvcId);
      if (module === undefined) return missing(`Module ${srvcId} not found`);
      if (descriptor !== undefined && nodeId === undefined) throw bad('missing nodeId');
      if (nodeId !== undefined && url === undefined) {
        if (!deployment.isNode(nodeId)) return missing(`Node ${nodeId} not found`);
        const launch = descriptor ?? module.launchDescriptor;
        if (launch === undefined) throw bad(`Module ${srvcId} has no launchDescriptor`);
        const started = await deployment.start(srvcId, launch, instId ?? randomUUID());
        await store.discover(started);
        return created(locationOf(started), started);
      }
      if (instId === undefined) throw bad('Needs instId');
      if (select(undefined, instId).length > 0) throw bad(`Duplicate instId ${instId}`);
      if (url === undefined) throw bad('Needs url');
      await checkUrl(url);
      const discovery = {
        srvcId,
        instId,
        ...(nodeId !== undefined && { nodeId }),
        url: url.replace(/\/$/, ''),
      };
      await store.discover(discovery);
      return created(locationOf(discovery), discovery);
    },
    'GET /_/discovery/modules/{srvcId}': (_request, [srvcId = '']) => {
      const found = select(srvcId);
      return found.length === 0 ? missing(srvcId) : answer(200, found);
    },
    'GET /_/discovery/modules/{srvcId}/{instId}': (_request, [srvcId = '', instId = '']) => {
      const [found] = select(srvcId, instId);
      return found === undefined ? missing(`${srvcId}/${instId}`) : answer(200, found);
    },
    'DELETE /_/discovery/modules': () => forget(select(), 'no instance is known'),
    'DELETE /_/discovery/modules/{srvcId}': (_request, [srvcId = '']) => forget(select(srvcId), srvcId),
    'DELETE /_/discovery/modules/{srvcId}/{instId}': (_request, [srvcId = '', instId = '']) =>
      forget(select(srvcId, instId), `${srvcId}/${instId}`),
    'GET /_/discovery/health': async () => answer(200, await health(select())),
    'GET /_/discovery/health/{srvcId}': async (_request, [srvcId = '']) => {
      const found = select(srvcId);
      return found.length === 0 ? missing(srvcId) : answer(200, await health(found));
    },
    'GET /_/discovery/health/{srvcId}/{instId}': async (_request, [srvcId = '', instId = '']) => {
      const found = select(srvcId, instId);
      return found.length === 0 ? missing(`${srvcId}/${instId}`) : answer(200, (await health(found))[0]);
    },
    'GET /_/discovery/nodes': () => answer(200, [deployment.node()]),
    'GET /_/discovery/nodes/{id}': (_request, [id = '']) =>
      deployment.isNode(id) ? answer(200, deployment.node()) : missing(id),
  };

  async function checkHealth({ srvcId, instId, url }: Discovery) {
    try {
      await checkUrl(url);
      const { status } = await fetch(url, { signal: AbortSignal.timeout(5_000), redirect: 'manual' });
      return { instId, srvcId, healthMessage: 'OK', healthStatus: status < 500 };
    } catch (error) {
      return { instId, srvcId, healthMessage: `Fail: ${errorText(error)}`, healthStatus: false };
    }
  }
};

const locationOf = ({ srvcId, instId }: Discovery): string =>
  `/_/discovery/modules/${inLocation(srvcId)}/${inLocation(instId)}`;
