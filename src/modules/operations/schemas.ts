import { z } from 'zod';
import { parseExpire, prefixProblem } from '#tenants';

const id = z.string().superRefine((text, context) => {
  const problem = prefixProblem(text);
  if (problem !== null) context.addIssue(`expected ${problem}`);
});
const name = z.string().trim().min(1, 'expected a name').max(200, 'expected at most 200 characters');
const trace = z.string().regex(/^[!-~]{1,128}$/, 'expected 1 to 128 visible ASCII characters');
const traces = z.array(trace).max(100);
const day = 'expected a day such as 2027-12-25 or an instant such as 2027-12-25T18:00:00Z';
const expire = z.string().refine((text) => parseExpire(text) !== null, day);
const hostname = z
  .string()
  .max(253)
  .regex(/^[^\s/:?#@\\%[\]*]+$/, 'expected a host name such as www.fashion.bg, without scheme, port or path');
const hostnames = z.array(hostname).max(1_000);
const retentionDays = z.int('expected a whole number of days').min(1).max(36_500);
const beaconsPerSecond = z.int('expected a whole number of beacons').min(1).max(1_000_000);
const version = z.string().max(128);

/** Body of `POST /operations/organizations`. */
export const newOrganizationSchema = z.strictObject({
  id,
  name: name.optional(),
  traces: z.union([z.literal('new'), traces]).optional(),
  expire: expire.optional(),
  hostnames: hostnames.optional(),
  onlyHostnames: z.boolean().optional(),
  retentionDays: retentionDays.optional(),
  beaconsPerSecond: beaconsPerSecond.optional(),
  version: version.optional(),
});

/** Body of `PATCH /operations/organizations/{id}`. */
export const organizationChangeSchema = z.strictObject({
  name: name.optional(),
  traces: traces.optional(),
  expire: z.union([z.literal('now'), z.null(), expire], `${day}, "now", or null for never`).optional(),
  hostnames: hostnames.optional(),
  onlyHostnames: z.boolean().optional(),
  retentionDays: retentionDays.nullable().optional(),
  beaconsPerSecond: beaconsPerSecond.nullable().optional(),
  version: version.optional(),
});

const member = z.string().min(1).max(31);
const members = z.array(member).min(1, 'expected at least one organization').max(1_000);
const modules = z
  .array(z.string().regex(/^[A-Za-z][\w.-]{0,99}$/, 'expected a module such as reports or notes'))
  .min(1, 'expected at least one module')
  .max(100);
const permissions = z
  .array(z.string().regex(/^[\w.*-]{1,200}$/, 'expected a permission such as notes.item.get or notes.*'))
  .max(1_000);

/** Bounds alone: what a rule may be is said by the reader of the users map. */
const conditions = z.record(z.string().max(500), z.string().max(2_000));
const rule = z.strictObject({
  method: z.string().max(100).nullable(),
  path: z.string().max(2_000).nullable(),
  query: conditions,
  body: conditions,
  tenant: z.string().max(100),
  was: z.int().min(0).optional(),
});
const TOO_MANY_RULES = 'expected at most 1000 rules in one relation';

/** Body of `POST /operations/relations`. */
export const newRelationSchema = z.strictObject({
  tenant: member,
  executesAs: members,
  modules,
  permissions,
  requiresAccount: z.boolean().optional(),
  expire: expire.optional(),
  rules: z
    .array(rule.omit({ was: true }))
    .max(1_000, TOO_MANY_RULES)
    .optional(),
  version: version.optional(),
});

/** Body of `PATCH /operations/relations/{id}`. */
export const relationChangeSchema = z.strictObject({
  executesAs: members.optional(),
  modules: modules.optional(),
  permissions: permissions.optional(),
  requiresAccount: z.boolean().optional(),
  expire: expire.nullable().optional(),
  rules: z.array(rule).max(1_000, TOO_MANY_RULES).optional(),
  version: version.optional(),
});

const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'expected a moment in ISO 8601');

/** Body of `POST /operations/replays`. */
export const replaySchema = z.strictObject({
  folder: z.string().regex(/^[a-z][a-z0-9_]{0,30}$/, 'expected unknown, expired, or an organization'),
  tenant: member.optional(),
  trace: trace.optional(),
  from: instant.optional(),
  to: instant.optional(),
  dryRun: z.boolean().optional(),
});
