/** Claims of a user's access token. */
export interface AccessClaims {
  readonly kind: 'access';
  /** Home of the user. */
  readonly tenant: string;
  readonly userId: string;
  readonly subject: string;
  readonly id: string;
  /** Epoch ms. */
  readonly issuedAt: number;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** Claims of a refresh token: good for nothing but a new pair. */
export interface RefreshClaims extends Omit<AccessClaims, 'kind'> {
  readonly kind: 'refresh';
}

/** Claims of the token that a module gets for one hop. */
export interface ModuleClaims {
  readonly kind: 'module';
  /** The module that was called with it (`aud`), and that calls back with it. */
  readonly module: string;
  /** Execution tenant. */
  readonly tenant: string;
  readonly originTenant: string;
  readonly userId: string | null;
  readonly subject: string;
  /** Modules that called, first caller first; as many as hops. */
  readonly actors: readonly string[];
  /** Key of the relation by which the tenant was replaced. */
  readonly relation: string | null;
  readonly hop: number;
  /** Request id of the first request of the chain. */
  readonly transaction: string;
  /** Index of the routing entry that is executed: its `modulePermissions` go with the call back. */
  readonly entry: number;
  /** Epoch ms. */
  readonly issuedAt: number;
  /** Epoch ms. */
  readonly expiresAt: number;
}

/** What a verified token says. */
export type TokenClaims = AccessClaims | RefreshClaims | ModuleClaims;

/** Reads the payload of a token whose signature is good; null when a claim is missing or of the wrong shape. */
export const readClaims = (
  kind: TokenClaims['kind'],
  payload: unknown,
  issuer: string,
): TokenClaims | null => {
  if (typeof payload !== 'object' || payload === null) return null;
  const claim = (name: string): unknown =>
    Object.hasOwn(payload, name) ? Reflect.get(payload, name) : undefined;
  const tenant = claim('tenant');
  const subject = claim('sub');
  const iat = claim('iat');
  const exp = claim('exp');
  if (claim('iss') !== issuer || claim('type') !== kind || typeof tenant !== 'string') return null;
  if (typeof subject !== 'string' || !isSecond(iat) || !isSecond(exp)) return null;
  const base = { tenant, subject, issuedAt: iat * 1_000, expiresAt: exp * 1_000 };
  const userId = claim('user_id');
  const audience = claim('aud');
  if (kind === 'module') {
    const originTenant = claim('origin');
    const hop = claim('hop');
    const transaction = claim('txn');
    const entry = claim('ent');
    const relation = claim('rel') ?? null;
    const actors = readActors(claim('act'));
    if (typeof audience !== 'string' || typeof originTenant !== 'string' || typeof transaction !== 'string')
      return null;
    if (!Number.isSafeInteger(hop) || !Number.isSafeInteger(entry) || actors === null) return null;
    if (relation !== null && typeof relation !== 'string') return null;
    return Object.freeze({
      ...base,
      kind,
      module: audience,
      originTenant,
      userId: typeof userId === 'string' ? userId : null,
      actors,
      relation,
      hop: Number(hop),
      transaction,
      entry: Number(entry),
    });
  }
  const id = claim('jti');
  if (audience !== (kind === 'access' ? issuer : `${issuer}/refresh`)) return null;
  if (typeof userId !== 'string' || typeof id !== 'string') return null;
  return Object.freeze({ ...base, kind, userId, id });
};

const isSecond = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) > 0;

const readActors = (value: unknown): readonly string[] | null => {
  const actors: string[] = [];
  for (let actor = value; actor !== undefined; ) {
    if (typeof actor !== 'object' || actor === null || actors.length > 16) return null;
    const sub: unknown = Reflect.get(actor, 'sub');
    if (typeof sub !== 'string') return null;
    actors.unshift(sub);
    actor = Reflect.get(actor, 'act');
  }
  return Object.freeze(actors);
};
