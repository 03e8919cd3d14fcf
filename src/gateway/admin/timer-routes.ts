import { z } from 'zod';
import { answer, bad, missing, nothing, shown } from './answers.ts';
import type { AdminRoutes, AdminWorld } from './api.ts';
import { readShape } from './documents.ts';
import { nextDue, type TimerTime } from './timer-plan.ts';
import type { Timers } from './timers.ts';

const texts = z.array(z.string()).optional();
/** A routing entry as Okapi knows it; only when it runs can be changed, so the rest is read and left alone. */
const entrySchema = z.strictObject({
  unit: z.enum(['millisecond', 'second', 'minute', 'hour', 'day']).optional(),
  delay: z
    .string()
    .regex(/^\d{1,9}$/)
    .optional(),
  schedule: z.strictObject({ cron: z.string().max(100), zone: z.string().max(64).optional() }).optional(),
  methods: texts,
  pathPattern: z.string().optional(),
  path: z.string().optional(),
  rewritePath: z.string().optional(),
  redirectPath: z.string().optional(),
  phase: z.string().optional(),
  level: z.string().optional(),
  type: z.string().optional(),
  permissionsRequired: texts,
  permissionsDesired: texts,
  permissionsRequiredTenant: texts,
  modulePermissions: texts,
  delegateCORS: z.boolean().optional(),
});
const timerSchema = z.strictObject({
  id: z.string(),
  routingEntry: entrySchema.default({}),
  modified: z.boolean().optional(),
});

/** `/_/proxy/tenants/{t}/timers`: what modules want to be called for, and how often. */
export const timerRoutes = ({ registry }: AdminWorld, timers: Timers): AdminRoutes => {
  const isTenant = (id: string): boolean => registry.current().byId(id) !== undefined;
  const list = async (tenant: string) =>
    (await timers.of(tenant)).map(({ id, routingEntry }) => ({ id, routingEntry }));
  const patch = async (tenant: string, id: string, entry: z.output<typeof entrySchema>) =>
    isTenant(tenant) && (await timers.change(tenant, id, timeOf(entry))) ? nothing : missing(id);

  return {
    'GET /_/proxy/tenants/{t}/timers': async (_request, [tenant = '']) =>
      isTenant(tenant) ? answer(200, await list(tenant)) : missing(tenant),
    'GET /_/proxy/tenants/{t}/timers/{id}': async (_request, [tenant = '', id = '']) => {
      const timer = isTenant(tenant) ? (await list(tenant)).find((each) => each.id === id) : undefined;
      return timer === undefined ? missing(id) : answer(200, timer);
    },
    'PATCH /_/proxy/tenants/{t}/timers': async ({ body }, [tenant = '']) => {
      const { id, routingEntry } = await readShape(body, timerSchema);
      return patch(tenant, id, routingEntry);
    },
    'PATCH /_/proxy/tenants/{t}/timers/{id}': async ({ body }, [tenant = '', id = '']) =>
      patch(tenant, id, await readShape(body, entrySchema)),
  };
};

/** Nothing given: back to what the descriptor says. */
const timeOf = ({ unit, delay, schedule }: z.output<typeof entrySchema>): TimerTime | undefined => {
  if (unit === undefined && delay === undefined && schedule === undefined) return undefined;
  const time = {
    ...(unit !== undefined && { unit }),
    ...(delay !== undefined && { delay }),
    ...(schedule !== undefined && { schedule }),
  };
  if (schedule !== undefined && nextDue(time, 0) === null)
    throw bad(`schedule: "${shown(schedule.cron)}" in the zone ${shown(schedule.zone ?? 'UTC')} is no time`);
  return time;
};
