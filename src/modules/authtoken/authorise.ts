import type { Authorise, AuthorisationRequest, AuthorisationVerdict, TokenFacts } from '#gateway/contract';

/** What the auth filter asks; answers may be some seconds old. */
export interface AuthorityDeps {
  /** null: there is no such user in this tenant. */
  readonly isActive: (tenant: string, userId: string) => Promise<boolean | null>;
  /** Permissions of a user, expanded, with the sets of another tenant as well where one is named; null: the user has no account there. */
  readonly heldBy: (tenant: string, userId: string, actingIn?: string) => Promise<ReadonlySet<string> | null>;
  /** Has the tenant made an account for this user of the tenant `origin`, and is it active? */
  readonly hasShadow: (tenant: string, userId: string, origin: string) => Promise<boolean>;
  /** Tokens issued before this instant (epoch ms) are void. */
  readonly voidBefore: (tenant: string, userId: string) => Promise<number>;
  /** Has this one session of the user been ended? Default: none is. */
  readonly isEnded?: (tenant: string, userId: string, sessionId: string) => Promise<boolean>;
}

const NOBODY: ReadonlySet<string> = new Set();

/**
 * Decides whether a request may go on, in the order of mod-authtoken: token, user active, permissions. The user is judged where he belongs.
 * In another tenant he holds what he holds at home within the relation's ceiling, unless that tenant has made an account for him (a shadow).
 */
export const createAuthorise =
  ({ isActive, heldBy, hasShadow, voidBefore, isEnded }: AuthorityDeps): Authorise =>
  async (request) => {
    const { token } = request;
    if (token === null) return verdict(request, null, NOBODY);
    const { originTenant, userId } = token;
    if (userId === null)
      return request.requiresAccount
        ? refused(403, `Access for ${token.subject} requires a user with an account in ${request.tenant}`)
        : verdict(request, token, NOBODY);

    const [active, voided] = await Promise.all([
      isActive(originTenant, userId),
      voidBefore(originTenant, userId),
    ]);
    const { sessionId = null } = token;
    const ended = sessionId !== null && (await isEnded?.(originTenant, userId, sessionId)) === true;
    if (ended || token.issuedAt < voided) return refused(401, 'Invalid token: it has been revoked');
    if (active === null) return refused(401, `Invalid token: User with id ${userId} does not exist`);
    if (!active) return refused(401, `Invalid token: user with id ${userId} is not active`);
    const isAbroad = request.tenant !== originTenant;
    if (request.requiresAccount && isAbroad && !(await hasShadow(request.tenant, userId, originTenant)))
      return refused(
        403,
        `Access for user '${token.subject}' (${userId}) requires an account in ${request.tenant}`,
      );
    return verdict(request, token, await effective(request, { heldBy, hasShadow }, userId));
  };

/**
 * What a user may do in a tenant: all that he holds at home; elsewhere what the account holds that this tenant has made for him, else what he
 * holds at home within a relation's ceiling, unless the relation asks for an account. An account there with the same id that is nobody's shadow is somebody else's.
 */
export const effective = async (
  {
    tenant,
    originTenant,
    ceiling,
    requiresAccount,
  }: Pick<AuthorisationRequest, 'tenant' | 'originTenant' | 'ceiling' | 'requiresAccount'>,
  { heldBy, hasShadow }: Pick<AuthorityDeps, 'heldBy' | 'hasShadow'>,
  userId: string,
): Promise<ReadonlySet<string>> => {
  if (tenant === originTenant) return (await heldBy(tenant, userId)) ?? NOBODY;
  if (await hasShadow(tenant, userId, originTenant)) return (await heldBy(tenant, userId)) ?? NOBODY;
  if (requiresAccount) return NOBODY;
  const atHome = (await heldBy(originTenant, userId, tenant)) ?? NOBODY;
  return new Set([...atHome].filter((name) => matchesAny(name, ceiling ?? [])));
};

const verdict = (
  request: AuthorisationRequest,
  token: TokenFacts | null,
  held: ReadonlySet<string>,
): AuthorisationVerdict => {
  const ofModule = new Set(request.callerPermissions);
  const missing = request.permissionsRequired.find((name) => !holds(name, held, ofModule));
  if (missing !== undefined) {
    if (token === null) return refused(400, `Token missing, access requires permission: ${missing}`);
    if (MODULE_ONLY.has(missing))
      return refused(
        401,
        `Missing required module-level permissions for endpoint '${request.path}': ${missing}`,
      );
    return refused(
      403,
      `Access for user '${token.subject}' (${token.userId ?? ''}) requires permission: ${missing}`,
    );
  }
  const wanted = (name: string): boolean =>
    request.permissionsRequired.includes(name) || matchesAny(name, request.permissionsDesired);
  return {
    kind: 'granted',
    userId: token?.userId ?? null,
    permissions: [...held.union(ofModule)].filter(wanted).toSorted((a, b) => (a < b ? -1 : 1)),
  };
};

/** Rights that only a module can have: with them tokens are made. */
const MODULE_ONLY: ReadonlySet<string> = new Set([
  'auth.signtoken',
  'auth.signrefreshtoken',
  'auth.token.sign.post',
]);

const holds = (name: string, held: ReadonlySet<string>, ofModule: ReadonlySet<string>): boolean =>
  ofModule.has(name) || (held.has(name) && !MODULE_ONLY.has(name));

/** `notes.*` matches every name that begins with `notes.`; `*` may stand anywhere. */
export const matchesAny = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => matches(name, pattern));

const matches = (name: string, pattern: string): boolean => {
  const [head = '', ...rest] = pattern.split('*');
  if (rest.length === 0) return name === pattern;
  const tail = rest.pop() ?? '';
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let place = head.length;
  for (const part of rest) {
    place = name.indexOf(part, place);
    if (place < 0 || place + part.length > name.length - tail.length) return false;
    place += part.length;
  }
  return true;
};

const refused = (status: number, message: string): AuthorisationVerdict => ({
  kind: 'refused',
  status,
  message,
});
