import type { MetricValues } from '#core';
import type { LoaderStatus } from './status.ts';

/** From the owner to the loader's thread. */
export type ToThread =
  | { readonly kind: 'stop' }
  | { readonly kind: 'values_wanted' }
  | { readonly kind: 'held'; readonly id: number; readonly held: boolean };

/** From the loader's thread to its owner. */
export type FromThread =
  | { readonly kind: 'status'; readonly status: LoaderStatus }
  | { readonly kind: 'values'; readonly values: MetricValues }
  | { readonly kind: 'held_wanted'; readonly id: number }
  | { readonly kind: 'failed'; readonly code: string; readonly reason: string };
