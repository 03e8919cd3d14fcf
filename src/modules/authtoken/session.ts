/** What the sessions need of the gateway's tokens; handed in, since a module never imports the gateway. */
export interface TokenMint {
  /** `id`: the session; `expiresAt` (epoch ms): end of the token, when it is not the configured one. */
  mintAccess(user: SessionUser & { readonly id?: string; readonly expiresAt?: number }): {
    readonly token: string;
    readonly expiresAt: number;
  };
  mintRefresh(user: SessionUser, id: string): { readonly token: string; readonly expiresAt: number };
  verify(
    token: string,
  ):
    | { readonly kind: 'verified'; readonly claims: VerifiedClaims }
    | { readonly kind: 'refused'; readonly reason: string };
}

/** Whose session it is. */
export interface SessionUser {
  readonly tenant: string;
  readonly userId: string;
  /** User name. */
  readonly subject: string;
}

type VerifiedClaims =
  | (SessionUser & { readonly kind: 'refresh'; readonly id: string })
  | { readonly kind: 'access' | 'module' };

/** A pair of tokens; moments are epoch ms. */
export interface TokenPair extends SessionUser {
  readonly sessionId: string;
  readonly accessToken: string;
  readonly accessTokenExpiration: number;
  readonly refreshToken: string;
  readonly refreshTokenExpiration: number;
}

/** A session as its user sees it; moments are epoch ms. */
export interface SessionRecord {
  readonly id: string;
  readonly startedAt: number;
  /** When it was renewed last. */
  readonly seenAt: number;
  readonly expiresAt: number;
  /** As the browser called itself when it signed in: text from outside, at most `MOST_AGENT` characters. */
  readonly agent: string;
}

/** Sessions of users: pairs of a short access token and a refresh token that is good once. */
export interface Sessions {
  open(user: SessionUser, agent?: string): Promise<TokenPair>;
  /**
   * A new pair for a refresh token of this tenant; null: it is not good. One that was used before is in wrong hands, so every session
   * of the user ends. Source: RFC 9700, 4.14.2.
   */
  refresh(tenant: string, refreshToken: string): Promise<TokenPair | null>;
  /** Ends all sessions of a user: tokens issued before now are refused, by other processes within `KEPT_MS`. */
  end(tenant: string, userId: string): Promise<void>;
  /** Ends one session of a user; its tokens are refused as after `end`. False: he has no such session. */
  endOne(tenant: string, userId: string, sessionId: string): Promise<boolean>;
  /** The session of a refresh token of this tenant, used or not; null: it is not good. */
  sessionOf(tenant: string, refreshToken: string): Promise<{ userId: string; sessionId: string } | null>;
  /** Sessions that go on, the one seen last first. */
  list(tenant: string, userId: string): Promise<readonly SessionRecord[]>;
  /** When each user of the tenant signed in last (epoch ms), as far as sessions are remembered. */
  lastSignIns(tenant: string): Promise<ReadonlyMap<string, number>>;
  /** Tokens of the user that were issued before this instant (epoch ms) are void; 0: none. */
  voidBefore(tenant: string, userId: string): Promise<number>;
  /** Has this session of the user been ended? */
  isEnded(tenant: string, userId: string, sessionId: string): Promise<boolean>;
}
