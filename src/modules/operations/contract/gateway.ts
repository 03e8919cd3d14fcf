/** GET /operations/modules */
export interface ModulesAnswer {
  readonly modules: readonly ModuleLine[];
}

/** A module that the gateway knows. */
export interface ModuleLine {
  readonly id: string;
  readonly name: string;
  readonly builtIn: boolean;
  /** In process, or an instance of it is known. */
  readonly running: boolean;
  /** Addresses of instances of a remote module. */
  readonly instances: readonly string[];
  readonly provides: readonly { readonly id: string; readonly version: string }[];
  readonly requires: readonly { readonly id: string; readonly version: string }[];
  /** Where it is executed when a request is made for another organization. */
  readonly executesIn: 'requested' | 'origin';
  readonly enabledFor: readonly string[];
}

/** GET /operations/routes?tenant=: every path that the organization's modules answer or filter. */
export interface RoutesAnswer {
  readonly tenant: string;
  readonly routes: readonly RouteLine[];
}

/** An entry of a module. */
export interface RouteLine {
  readonly methods: readonly string[];
  readonly path: string;
  readonly module: string;
  readonly interface: string | null;
  readonly phase: 'handler' | 'auth' | 'pre' | 'post' | 'filter';
  /** Order among filters of one phase; null: none is given. */
  readonly level: string | null;
  readonly type: string;
  readonly permissionsRequired: readonly string[];
  readonly permissionsDesired: readonly string[];
}

/** GET /operations/explain?tenant=&method=&path=[&origin=][&body=][&moduleId=]: for whom and by whom a request would be executed. */
export interface ExplainAnswer {
  readonly requestedTenant: string;
  readonly originTenant: string | null;
  readonly method: string;
  readonly path: string;
  readonly outcome: 'executed' | 'refused' | 'needs-body';
  readonly tenant: string | null;
  readonly relation: string | null;
  readonly rule: string | null;
  readonly ceiling: readonly string[] | null;
  /** Sentences, in the order in which things were looked at. */
  readonly why: readonly string[];
  readonly status: number | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly steps: readonly {
    readonly phase: string;
    readonly module: string;
    readonly entry: string;
    readonly type: string;
    readonly running: boolean;
  }[];
  readonly permissionsRequired: readonly string[];
  readonly permissionsDesired: readonly string[];
}
