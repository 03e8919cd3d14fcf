/** Rows of `authtokenTables`; moments are epoch ms. */
export type SessionTables = {
  refresh_tokens: {
    tenant: string;
    id: string;
    user_id: string;
    expires_at: number;
    used_at: number | null;
    session_id: string;
  };
  token_revocations: { tenant: string; user_id: string; before_ms: number };
  sessions: {
    tenant: string;
    id: string;
    user_id: string;
    started_at: number;
    seen_at: number;
    expires_at: number;
    ended_at: number | null;
    agent: string;
  };
};
