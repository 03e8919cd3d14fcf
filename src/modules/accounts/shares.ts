import { z } from 'zod';
import { type Handler, json, type ModuleResponse, text } from '#gateway/contract';
import { VITAL_IDS } from '#vitals';
import { createAttempts, networkOf, tooMany } from '../login/attempts.ts';
import { sessionCookies } from '../login/cookies.ts';
import { mayNotGrant, notHeld } from '../permissions/granting.ts';
import { readRecord, unprocessable } from '../records/index.ts';
import { isDimension } from '../reports/filters.ts';
import type { LockedSelection, OpenedShare, Share, ShareSelection } from './contract.ts';
import type { AccountDeps } from './deps.ts';
import { createTrail } from './trail.ts';
import { readExpiry } from './expiry.ts';
import { makeLinkToken, readLinkToken } from './link-token.ts';
import { comparedPeriod, moment, periodOf } from './period.ts';
import { type ServiceAccount, stateOf } from './service-accounts.ts';
import { hostname } from './site.ts';

const DAY_MS = 86_400_000;
/** A month unless said otherwise, a year at most. */
const LIFE = { defaultMs: 30 * DAY_MS, longestMs: 366 * DAY_MS };
/** What whoever has the link may do, and what besides when notes are shown. */
const PERMISSIONS = ['reports.get'];
const READS_NOTES = 'notes.annotations.collection.get';

const filter = z.strictObject({
  dimension: z.string().max(64).refine(isDimension, 'expected the name of a dimension'),
  op: z.enum(['is', 'is_not', 'contains', 'begins']),
  values: z.array(z.string().max(2_000)).min(1).max(50),
});
const shareSchema = z.looseObject({
  name: z.string().trim().min(1).max(100),
  page: z
    .string()
    .min(1)
    .max(50)
    .regex(/^[a-z-]+$/, 'expected the name of a page, as in its address'),
  selection: z.strictObject({
    site: hostname.nullable().default(null),
    from: moment,
    to: moment,
    // Two more than a selection has: engine and navigations become filters.
    filters: z.array(filter).max(22).default([]),
    percentile: z.literal([50, 75, 90, 95, 99]).optional(),
    vital: z.enum(VITAL_IDS).optional(),
    compare: z.union([z.enum(['prev', 'year']), z.strictObject({ from: moment, to: moment })]).optional(),
    bots: z.boolean().optional(),
  }),
  notes: z.boolean().default(false),
  expires: z.string().max(40).nullish(),
});
const openSchema = z.looseObject({ token: z.string().min(1).max(200) });

/** `/shares`: links that show one selection to whoever has them, and nothing else. */
export const shareHandlers = (deps: AccountDeps): Readonly<Record<string, Handler>> => {
  const { users, permissions, services, sessions, uses, clock, mayStillShare } = deps;
  const attempts = createAttempts(clock);
  const trail = createTrail(deps.audit, users);
  /** A link whose maker could not make it any more counts as taken back. */
  const shareState = async (tenant: string, share: ServiceAccount): Promise<Share['state']> => {
    const state = stateOf(share, clock.now());
    return state === 'active' && !(await mayStillShare(tenant, share)) ? 'revoked' : state;
  };

  return {
    'GET /shares': async ({ tenant }) => {
      const [shares, lastUses] = await Promise.all([services.list(tenant, 'share'), uses.lastOf(tenant)]);
      const presented = shares.map(async (share) => {
        const state = await shareState(tenant, share);
        return present(share, state, lastUses.get(share.id)) ?? [];
      });
      return json(200, { shares: (await Promise.all(presented)).flat() });
    },
    'POST /shares': async (request) => {
      const read = await readRecord(request, shareSchema);
      if ('refusal' in read) return read.refusal;
      const { tenant, userId } = request;
      const definitions = await permissions.definitions(tenant);
      const lent = read.record.notes ? [...PERMISSIONS, READS_NOTES] : PERMISSIONS;
      const lacking = notHeld(lent, new Set(request.permissions), definitions);
      if (lacking !== null) return mayNotGrant(lacking);
      const now = clock.now();
      const expiry = readExpiry(read.record.expires, now, LIFE);
      if ('refusal' in expiry) return expiry.refusal;
      const { name, page, selection } = read.record;
      const period = periodOf(selection, now);
      if (period.from >= period.to) return backwards('selection.to');
      const compared = comparedPeriod(selection, now);
      if (compared !== null && compared.from >= compared.to) return backwards('selection.compare');
      const { token, hash } = makeLinkToken(tenant);
      const share = await services.add(tenant, {
        kind: 'share',
        name,
        permissions: lent,
        createdBy: (await users.find(request.originTenant, userId ?? ''))?.username ?? '',
        ...(userId !== null && { maker: { tenant: request.originTenant, userId } }),
        expiresAt: expiry.at,
        site: selection.site,
        share: { page, selection },
        tokenHash: hash,
      });
      await trail(request, `shared ${page} of ${selection.site ?? 'all sites'} as ${name}`);
      return json(201, { ...present(share, 'active', undefined), token, path: `/app/share/${token}` });
    },
    'DELETE /shares/{id}': async (request) => {
      const share = await services.find(request.tenant, request.params['id'] ?? '');
      if (share === undefined || !(await services.revoke(request.tenant, 'share', share.id)))
        return text(404, 'There is no such share');
      await trail(request, `took the share link ${share.name} back`);
      return { status: 204 };
    },
    'GET /shares/selection': async ({ originTenant, userId }) => {
      const account = userId === null ? undefined : await services.find(originTenant, userId);
      const locked = account === undefined ? null : lockOf(account, clock.now());
      return locked === null ? text(404, 'This account is not held to a selection') : json(200, locked);
    },
    'POST /shares/open': async (request) => {
      const { tenant, headers } = request;
      // A form of another site cannot say that it sends JSON: it must not put a session into a visitor's browser.
      if (!(headers['content-type'] ?? '').toLowerCase().startsWith('application/json'))
        return text(415, 'Send the content type application/json');
      const key = `${tenant}\n${networkOf(headers)}`;
      const refusal = tooMany(attempts, key, 'share links');
      if (refusal !== null) return refusal;
      const read = await readRecord(request, openSchema);
      if ('refusal' in read) return read.refusal;
      const hash = readLinkToken(read.record.token, tenant);
      const account = hash === null ? undefined : await services.findByToken(tenant, hash);
      if (account?.share === undefined || account.share === null) {
        attempts.failed(key);
        return text(404, 'There is no such share');
      }
      const now = clock.now();
      const state = await shareState(tenant, account);
      if (state !== 'active') return text(410, GONE[state]);
      const pair = await sessions.open(
        { tenant, userId: account.id, subject: `share-${account.id}` },
        headers['user-agent'],
      );
      const answer: OpenedShare = {
        tenant,
        name: account.name,
        ...account.share,
        expiresAt: new Date(account.expiresAt).toISOString(),
      };
      const response = json(201, answer);
      return {
        ...response,
        headers: { ...response.headers, 'set-cookie': sessionCookies(pair, now, headers) },
      };
    },
  };
};

const backwards = (key: string): ModuleResponse =>
  unprocessable({
    message: 'the period ends before it begins',
    code: 'VALIDATION_ERROR',
    parameters: [{ key, value: '' }],
  });

const GONE = {
  expired: 'This link has expired; ask for a new one',
  revoked: 'This link has been taken back',
} as const;

/** To what a service account is held; null: to nothing. A period that moves on is resolved at `now`. */
export const lockOf = (account: ServiceAccount, now: number): LockedSelection | null => {
  const { kind, name, site, share } = account;
  if (share === null)
    return site === null
      ? null
      : { kind, name, page: null, site, from: null, to: null, period: null, filters: [] };
  const { page, selection } = share;
  const { from, to, filters, compare, bots = false } = selection;
  const period = periodOf(selection, now);
  const compared = comparedPeriod(selection, now);
  return {
    kind,
    name,
    page,
    site: selection.site,
    ...instantsOf(period),
    period: { from, to },
    ...(compared !== null && { compare, compared: instantsOf(compared) }),
    filters,
    bots,
  };
};

const instantsOf = ({ from, to }: { readonly from: number; readonly to: number }) => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});

const present = (
  account: ServiceAccount,
  state: Share['state'],
  lastUsedAt: number | undefined,
): Share | null =>
  account.share && {
    id: account.id,
    name: account.name,
    page: account.share.page,
    selection: account.share.selection satisfies ShareSelection,
    notes: account.permissions.includes(READS_NOTES),
    createdAt: new Date(account.createdAt).toISOString(),
    createdBy: account.createdBy,
    expiresAt: new Date(account.expiresAt).toISOString(),
    lastUsedAt: lastUsedAt === undefined ? null : new Date(lastUsedAt).toISOString(),
    state,
  };
