/** GET /operations/requests[?limit=50&tenant=&path=&minStatus=]: requests whose trace is kept, newest first. */
export interface RequestsAnswer {
  readonly requests: readonly RequestLine[];
}

/** A request in the list. */
export interface RequestLine {
  readonly id: string;
  readonly startedAt: string;
  readonly userId: string | null;
  readonly tenants: RequestTenants;
  readonly method: string;
  readonly path: string;
  readonly module: string | null;
  readonly status: number | null;
  readonly durationUs: number;
  readonly hops: number;
}

/** For whom a request was made and executed. */
export interface RequestTenants {
  readonly origin: string | null;
  readonly requested: string;
  readonly execution: string | null;
}

/** GET /operations/requests/{id} */
export interface RequestTraceAnswer {
  readonly id: string;
  readonly startedAt: string;
  readonly userId: string | null;
  readonly originTenant: string | null;
  /** In the order in which they began. */
  readonly hops: readonly HopLine[];
  /** Hops that were not kept because there were too many. */
  readonly dropped: number;
}

/** One call of one module, or one decision of the gateway. */
export interface HopLine {
  readonly requestId: string;
  readonly phase: 'resolve' | 'auth' | 'pre' | 'handler' | 'post' | 'filter';
  readonly module: string | null;
  readonly method: string;
  readonly path: string;
  readonly tenants: RequestTenants;
  readonly relation: string | null;
  readonly rule: string | null;
  readonly actors: readonly string[];
  readonly status: number | null;
  /** Microseconds after the request's start. */
  readonly startUs: number;
  readonly durationUs: number;
  readonly error: string | null;
}
