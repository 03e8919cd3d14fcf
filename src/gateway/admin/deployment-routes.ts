import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { answer, bad, created, inLocation, missing, nothing, shown } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { readShape } from './documents.ts';
import { type InstanceSecrets, secretSchema } from './instance-secrets.ts';

const identifier = z.string().min(1).max(255);
const deploySchema = z.strictObject({
  srvcId: identifier.optional(),
  instId: identifier.optional(),
  nodeId: identifier.optional(),
  descriptor: z.record(z.string(), z.unknown()).optional(),
  secret: secretSchema.optional(),
});

/** `/_/deployment/modules`: processes that this node has started. */
export const deploymentRoutes = (
  { deployment, store }: AdminWorld,
  secrets: InstanceSecrets,
): AdminRoutes => {
  const find = (instId: string) => deployment.running().find((each) => each.instId === instId);
  return {
    'GET /_/deployment/modules': () => answer(200, deployment.running()),
    'POST /_/deployment/modules': async ({ body }) => {
      const { srvcId, instId, descriptor, secret: given } = await readShape(body, deploySchema);
      if (srvcId === undefined) throw bad('Needs srvcId');
      if (store.isBuiltIn(srvcId)) throw bad(`Module ${srvcId} is built in and runs here only`);
      if (instId !== undefined && store.discoveries().some((each) => each.instId === instId))
        throw bad(`already deployed: ${instId}`);
      const launch = descriptor ?? store.descriptor(srvcId)?.launchDescriptor;
      if (launch === undefined) throw bad(`Module ${shown(srvcId)} has no launchDescriptor`);
      const secret = secrets.decide(srvcId, given, true);
      const started = await deployment.start(srvcId, launch, instId ?? randomUUID(), secret);
      await store.discover({ ...started, ...(secret !== undefined && { secret }) });
      return created(`/_/deployment/modules/${inLocation(started.instId)}`, started);
    },
    'GET /_/deployment/modules/{instId}': (_request, [instId = '']) => {
      const found = find(instId);
      return found === undefined ? missing(`not found: ${instId}`) : answer(200, found);
    },
    'DELETE /_/deployment/modules/{instId}': async (_request, [instId = '']) => {
      if (find(instId) === undefined) return missing(`not found: ${instId}`);
      await deployment.stop(instId);
      await store.forget([instId]);
      return nothing;
    },
  };
};
