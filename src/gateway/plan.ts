import type { Entry } from './entry.ts';
import type { RouteTable } from './routes.ts';

/** One entry of a pipeline, with the path and query that its module is called with. */
export interface Step {
  readonly entry: Entry;
  readonly uri: string;
}

/** A step with the path that its entry has matched: behind a redirect that is the redirect's target, and it is never a rewritten one. */
interface MatchedStep extends Step {
  readonly path: string;
}

/** The entries of a request in the order in which they run; exactly one is the handler. */
export interface Plan {
  readonly kind: 'plan';
  readonly steps: readonly Step[];
  readonly handler: Entry;
  /** Union over all entries. */
  readonly permissionsRequired: readonly string[];
  readonly permissionsDesired: readonly string[];
}

/** Why there is no plan. */
export type NoPlan =
  | { readonly kind: 'no-handler' }
  | { readonly kind: 'redirect-failed'; readonly message: string };

/** What is asked of the table. */
export interface PlanRequest {
  readonly method: string;
  /** Path as sent, without query. */
  readonly path: string;
  /** Path and query. */
  readonly uri: string;
  /** `X-Okapi-Module-Id`. */
  readonly moduleId: string | null;
  /** Execution tenant and presence of a token: for `permissionsRequiredTenant`. */
  readonly tenant: string;
  readonly hasToken: boolean;
}

/** Finds filters and handler of a request in a tenant's table and puts them in order. */
export const planRequest = (table: RouteTable, request: PlanRequest): Plan | NoPlan => {
  const { method, path, uri } = request;
  const steps: MatchedStep[] = [];
  let redirected: Redirected | null = null;
  for (const entry of table.filters(method, path, uri)) {
    steps.push({ entry, uri: rewritten(entry, uri), path });
    if (entry.type === 'redirect') {
      const target = follow(table, request, entry, uri, [entry], steps);
      if (target.kind === 'failed') return { kind: 'redirect-failed', message: target.message };
      redirected ??= target;
    }
  }
  const handler = redirected?.entry ?? table.handler(method, path, uri, request.moduleId);
  if (handler === null) return { kind: 'no-handler' };
  steps.push({ entry: handler, uri: redirected?.uri ?? uri, path: redirected?.path ?? path });
  if (!isOrdered(steps)) steps.sort(byOrder);
  return {
    kind: 'plan',
    steps,
    handler,
    permissionsRequired: union(steps, (step) => requiredOf(step, request)),
    permissionsDesired: union(steps, ({ entry }) => entry.permissionsDesired),
  };
};

/** The same steps with the auth filters first, whatever their levels: nothing of a tenant is called for somebody of another one before they have agreed. */
export const authFirst = (plan: Plan): Plan => ({
  ...plan,
  steps: plan.steps.toSorted((a, b) => Number(b.entry.phase === 'auth') - Number(a.entry.phase === 'auth')),
});

/** The entry that would serve a request, redirects followed (a redirect that fails serves itself); null when there is none. */
export const findHandler = (table: RouteTable, request: PlanRequest): Entry | null => {
  const { method, path, uri } = request;
  if (table.hasRedirects)
    for (const entry of table.filters(method, path, uri))
      if (entry.type === 'redirect') {
        const target = follow(table, request, entry, uri, [entry], []);
        return target.kind === 'redirected' ? target.entry : entry;
      }
  return table.handler(method, path, uri, request.moduleId);
};

interface Redirected {
  readonly kind: 'redirected';
  readonly entry: Entry;
  readonly uri: string;
  readonly path: string;
}

const follow = (
  table: RouteTable,
  request: PlanRequest,
  redirect: Entry,
  uri: string,
  chain: readonly Entry[],
  steps: MatchedStep[],
): Redirected | { readonly kind: 'failed'; readonly message: string } => {
  const target = redirect.descriptor.redirectPath ?? '';
  const targetUri = redirectedUri(redirect, target, uri);
  let deeper: Redirected | null = null;
  for (const entry of table.filters(request.method, target, targetUri)) {
    if (entry.type === 'redirect') {
      if (chain.includes(entry)) {
        const path = chain.map((each) => each.descriptor.redirectPath).join(' -> ');
        return { kind: 'failed', message: `Redirect loop: ${path} -> ${entry.descriptor.redirectPath}` };
      }
      steps.push({ entry, uri: targetUri, path: target });
      const next = follow(table, request, entry, targetUri, [...chain, entry], steps);
      if (next.kind === 'failed') return next;
      deeper ??= next;
    } else if (!steps.some((step) => step.entry === entry)) {
      steps.push({ entry, uri: rewritten(entry, targetUri), path: target });
    }
  }
  if (deeper !== null) return deeper;
  const handler = table.handler(request.method, target, targetUri, request.moduleId);
  if (handler === null)
    return {
      kind: 'failed',
      message: `Redirecting ${uri} to ${target} FAILED. No suitable module found`,
    };
  return { kind: 'redirected', entry: handler, uri: targetUri, path: target };
};

/** With a pattern: target and the original query. With a legacy path: target and all that follows the prefix. */
const redirectedUri = (redirect: Entry, target: string, uri: string): string => {
  if (redirect.pattern === null) return target + uri.slice((redirect.descriptor.path ?? '').length);
  const query = uri.search(/[?#]/);
  return query === -1 ? target : target + uri.slice(query);
};

const rewritten = (entry: Entry, uri: string): string =>
  entry.descriptor.rewritePath ? entry.descriptor.rewritePath + uri : uri;

/** Most pipelines are: an auth filter and the handler. Sorting two costs as much memory as all else here. */
const isOrdered = (steps: readonly Step[]): boolean =>
  steps.every(({ entry }, index) => entry.order >= (steps[index - 1]?.entry.order ?? ''));

const byOrder = (a: Step, b: Step): number =>
  a.entry.order < b.entry.order ? -1 : a.entry.order > b.entry.order ? 1 : 0;

const requiredOf = ({ entry, path }: MatchedStep, request: PlanRequest): readonly string[] => {
  if (entry.permissionsRequiredTenant === null || !request.hasToken) return entry.permissionsRequired;
  const tenant = entry.pattern?.params(path)['tenantId'];
  return tenant === undefined || tenant === request.tenant
    ? entry.permissionsRequiredTenant
    : entry.permissionsRequired;
};

/** Most pipelines have one entry with permissions; its own array serves then. */
const union = (
  steps: readonly MatchedStep[],
  of: (step: MatchedStep) => readonly string[],
): readonly string[] => {
  let all: readonly string[] = none;
  for (const step of steps) {
    const more = of(step);
    if (more.length > 0) all = all.length === 0 ? more : [...new Set([...all, ...more])];
  }
  return all;
};

const none: readonly string[] = [];
