import { randomUUID } from 'node:crypto';
import { bad } from './answers.ts';
import type { Deployment } from './deployment.ts';
import type { InstanceSecrets } from './instance-secrets.ts';
import type { PersistentStore } from './persistent-store.ts';

/** Starts and ends modules as installs need them (`deploy=true`). */
export interface AutoDeploy {
  /** Starts a module that runs nowhere yet. Errors: as `Deployment.start`, and 400 without a launch descriptor. */
  start(moduleId: string): Promise<void>;
  /** Ends what this node has started of a module, when no tenant has it enabled any more. */
  end(moduleId: string): Promise<void>;
}

/** Creates it. */
export const createAutoDeploy = (
  store: PersistentStore,
  deployment: Deployment,
  secrets: InstanceSecrets,
): AutoDeploy => ({
  start: async (moduleId) => {
    if (store.isBuiltIn(moduleId) || store.instances(moduleId).length > 0) return;
    const launch = store.descriptor(moduleId)?.launchDescriptor;
    if (launch === undefined) throw bad(`Module ${moduleId} has no launchDescriptor`);
    const secret = secrets.decide(moduleId, undefined, true);
    const started = await deployment.start(moduleId, launch, randomUUID(), secret);
    await store.discover({ ...started, ...(secret !== undefined && { secret }) });
  },
  end: async (moduleId) => {
    if (store.tenantsWith(moduleId).length > 0) return;
    const started = deployment.running().filter(({ srvcId }) => srvcId === moduleId);
    for (const { instId } of started) {
      await deployment.stop(instId);
      await store.forget([instId]);
    }
  },
});
