import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { answer, bad, created, inLocation, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';

const deploySchema = z.strictObject({
  srvcId: z.string().min(1),
  instId: z.string().optional(),
  nodeId: z.string().optional(),
  descriptor: z.looseObject({}).optional(),
});

/** `/_/deployment/modules`: processes that this node has started. */
export const deploymentRoutes = ({ deployment, store }: AdminWorld): AdminRoutes => {
  const find = (instId: string) => deployment.running().find((each) => each.instId === instId);
  return {
    'GET /_/deployment/modules': () => answer(200, deployment.running()),
    'POST /_/deployment/modules': async ({ body }) => {
      const parsed = deploySchema.safeParse(await body.json());
      if (!parsed.success) throw bad(parsed.error.issues.map(({ message }) => message).join('. '));
      const { srvcId, instId, descriptor } = parsed.data;
      const launch = descriptor ?? store.descriptor(srvcId)?.launchDescriptor;
      if (launch === undefined) throw bad(`Module ${srvcId} has no launchDescriptor`);
      const started = await deployment.start(srvcId, launch, instId ?? randomUUID());
      await store.discover(started);
      return created(`/_/deployment/modules/${inLocation(started.instId)}`, started);
    },
    'GET /_/deployment/modules/{instId}': (_request, [instId = '']) => {
      const found = find(instId);
      return found === undefined ? missing(`not found: ${instId}`) : answer(200, found);
    },
    'DELETE /_/deployment/modules/{instId}': async (_request, [instId = '']) => {
      if (find(instId) === undefined) return missing(`not found: ${instId}`);
      await deployment.stop(instId);
      await store.forget(instId);
      return nothing;
    },
  };
};
