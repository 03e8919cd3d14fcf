import type { ModuleResponse } from '#gateway/contract';
import { unprocessable } from '../records/index.ts';

/** How long something may live. */
export interface Life {
  readonly defaultMs: number;
  readonly longestMs: number;
}

/** When something ends (epoch ms), from what a client sends (ISO 8601; absent: the default), or the 422. */
export const readExpiry = (
  given: string | null | undefined,
  now: number,
  { defaultMs, longestMs }: Life,
): { readonly at: number } | { readonly refusal: ModuleResponse } => {
  const at = given === undefined || given === null || given === '' ? now + defaultMs : Date.parse(given);
  if (Number.isSafeInteger(at) && at > now && at <= now + longestMs) return { at };
  const message = `expected a moment between now and ${new Date(now + longestMs).toISOString().slice(0, 10)}`;
  return {
    refusal: unprocessable({
      message,
      code: 'VALIDATION_ERROR',
      parameters: [{ key: 'expires', value: String(given).slice(0, 40) }],
    }),
  };
};
