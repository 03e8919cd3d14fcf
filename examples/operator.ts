/** One call of one module, or a refusal of the gateway, as `GET /_/requests/<id>` tells it. */
export interface Hop {
  readonly requestId: string;
  readonly phase: string;
  readonly module: string | null;
  readonly method: string;
  readonly path: string;
  readonly tenants: {
    readonly origin: string | null;
    readonly requested: string;
    readonly execution: string | null;
  };
  readonly relation: string | null;
  readonly rule: string | null;
  readonly actors: readonly string[];
  readonly status: number | null;
  readonly durationUs: number;
  readonly error: string | null;
}

/** What `GET /_/resolve` says. */
export interface Explanation {
  readonly outcome: 'executed' | 'refused' | 'needs-body';
  readonly tenant: string | null;
  readonly rule: string | null;
  readonly relation: string | null;
  readonly why: readonly string[];
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
}

/** What an operator does with a running gateway. Everything is refused without the operator's token. */
export interface Operator {
  /** Makes a module known, and says where it runs. With a secret both sides sign what they send each other. */
  addModule(descriptor: { readonly id: string }, url: string, secret?: string): Promise<void>;
  /** Enables a module for a tenant; the gateway tells the module (`POST /_/tenant`). */
  enable(tenant: string, moduleId: string): Promise<void>;
  disable(tenant: string, moduleId: string): Promise<void>;
  /** All hops of a request, in the order in which they began. */
  hops(requestId: string): Promise<readonly Hop[]>;
  /** For whom would this be executed, and why? Parameters: tenant, origin, method, path, body. */
  explain(question: Readonly<Record<string, string>>): Promise<Explanation>;
}

/** Creates an operator of the gateway at `url`. Every answer that is no success is an error with its text. */
export const createOperator = (url: string, token: string): Operator => {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  return {
    addModule: async (descriptor, where, secret) => {
      await ask('POST', '/_/proxy/modules', descriptor);
      await ask('POST', '/_/discovery/modules', {
        srvcId: descriptor.id,
        instId: `${descriptor.id}-1`,
        url: where,
        secret,
      });
    },
    enable: async (tenant, id) => {
      await ask('POST', `/_/proxy/tenants/${tenant}/modules`, { id });
    },
    disable: async (tenant, id) => {
      await ask('DELETE', `/_/proxy/tenants/${tenant}/modules/${id}`);
    },
    hops: async (requestId) => {
      const trace = await ask('GET', `/_/requests/${encodeURIComponent(requestId)}`);
      return (trace as { hops: readonly Hop[] }).hops;
    },
    explain: async (question) =>
      (await ask('GET', `/_/resolve?${new URLSearchParams(question).toString()}`)) as Explanation,
  };
};
