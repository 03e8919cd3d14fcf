import { z } from 'zod';
import { answer, bad, missing, nothing } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import type { Timers } from './timers.ts';

const patchSchema = z.looseObject({
  unit: z.enum(['millisecond', 'second', 'minute', 'hour', 'day']).optional(),
  delay: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  schedule: z.looseObject({ cron: z.string().max(100), zone: z.string().max(64).optional() }).optional(),
});

/** `/_/proxy/tenants/{t}/timers`: what modules want to be called for, and how often. */
export const timerRoutes = ({ registry }: AdminWorld, timers: Timers): AdminRoutes => {
  const isTenant = (id: string): boolean => registry.current().byId(id) !== undefined;
  const list = async (tenant: string) =>
    (await timers.of(tenant)).map(({ id, routingEntry }) => ({ id, routingEntry }));
  return {
    'GET /_/proxy/tenants/{t}/timers': async (_request, [tenant = '']) =>
      isTenant(tenant) ? answer(200, await list(tenant)) : missing(tenant),
    'GET /_/proxy/tenants/{t}/timers/{id}': async (_request, [tenant = '', id = '']) => {
      const timer = isTenant(tenant) ? (await list(tenant)).find((each) => each.id === id) : undefined;
      return timer === undefined ? missing(id) : answer(200, timer);
    },
    'PATCH /_/proxy/tenants/{t}/timers/{id}': async ({ body }, [tenant = '', id = '']) => {
      const parsed = patchSchema.safeParse(await body.json());
      if (!parsed.success)
        throw bad(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('. '));
      return isTenant(tenant) && (await timers.override(tenant, id, parsed.data)) ? nothing : missing(id);
    },
  };
};
