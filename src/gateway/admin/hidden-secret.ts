import type { Discovery, DiscoveryRecord } from './store-world.ts';

/** What stands for a secret in every answer; too short to be taken for one. */
export const hiddenSecret = '********';

/** An instance as it may be told. */
export type ToldDiscovery = Discovery & { readonly secret?: typeof hiddenSecret };

/** Takes the secret out of a record. */
export const withoutSecret = ({ secret, ...discovery }: DiscoveryRecord): ToldDiscovery =>
  secret === undefined ? discovery : { ...discovery, secret: hiddenSecret };
