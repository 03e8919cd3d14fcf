import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { bad } from './answers.ts';
import type { PersistentStore } from './persistent-store.ts';

/** Variable in which a started process finds its secret. */
export const secretVariable = 'RUMBRELLA_INSTANCE_SECRET';

/** A secret as it is given; `true`: make one, for a process that is started here. */
export const secretSchema = z.custom<string | true>(
  (value) => value === true || (typeof value === 'string' && /^[!-~]{32,256}$/.test(value)),
  {
    error:
      'expected 32 to 256 printable ASCII characters without spaces, or true for a module that is started here',
  },
);

/** Decides which secret a new instance has. */
export interface InstanceSecrets {
  /**
   * The given secret; for a process that is started here (`isStarted`) a new one where one is wanted. Undefined: none. Errors: 400 when an instance needs one
   * and does not bring it: secrets are required, or the other instances of the module have one.
   */
  decide(srvcId: string, given: string | true | undefined, isStarted: boolean): string | undefined;
}

/** Creates it. */
export const createInstanceSecrets = (
  store: Pick<PersistentStore, 'instances'>,
  areRequired: boolean,
): InstanceSecrets => ({
  decide: (srvcId, given, isStarted) => {
    if (typeof given === 'string') return given;
    if (given === true && !isStarted) throw bad('secret: true is for modules that are started here');
    const others = store.instances(srvcId);
    const isNeeded = areRequired || (others.length > 0 && others.every(({ secret }) => secret !== undefined));
    if (isStarted) return given === true || isNeeded ? randomBytes(32).toString('base64url') : undefined;
    if (areRequired) throw bad('Needs secret: gateway.require_instance_secrets is on');
    if (isNeeded) throw bad(`Needs secret: the other instances of ${srvcId} have one`);
    return undefined;
  },
});
