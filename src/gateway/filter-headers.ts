import type { Entry } from './entry.ts';
import type { RequestHeaders } from './header-rules.ts';
import type { PipelineRequest } from './pipeline-request.ts';
import type { StageResponse } from './stages/stage.ts';

/** Okapi's headers for a filter of a phase: what an auth filter has to check, what others have to know of the result. */
export const filterHeaders = (
  entry: Entry,
  request: PipelineRequest,
  handled: StageResponse | null,
  refusal: StageResponse | null,
): RequestHeaders => {
  if (entry.phase === 'auth') return authHeaders(request);
  const headers: RequestHeaders = { 'x-okapi-filter': `${entry.phase} ${entry.label}` };
  if (entry.phase === 'post' && handled !== null) {
    headers['x-okapi-handler-result'] = String(handled.status);
    headers['x-okapi-handler-headers'] = headerJson(handled.headers);
  } else if (refusal !== null) {
    headers['x-okapi-auth-result'] = String(refusal.status);
    if (entry.phase === 'post') headers['x-okapi-auth-headers'] = headerJson(refusal.headers);
  }
  return headers;
};

const authHeaders = ({ plan, callerPermissions }: PipelineRequest): RequestHeaders => {
  const headers: RequestHeaders = {};
  if (plan.permissionsRequired.length > 0)
    headers['x-okapi-permissions-required'] = plan.permissionsRequired.join(',');
  if (plan.permissionsDesired.length > 0)
    headers['x-okapi-permissions-desired'] = plan.permissionsDesired.join(',');
  const ofModules: Record<string, string[]> = Object.create(null);
  const extra = [...callerPermissions];
  for (const { entry } of plan.steps) {
    if (entry.modulePermissions.length === 0) continue;
    if (entry.type === 'redirect') extra.push(...entry.modulePermissions);
    else
      ofModules[entry.module.id] = [
        ...new Set([...(ofModules[entry.module.id] ?? []), ...entry.modulePermissions]),
      ];
  }
  headers['x-okapi-module-permissions'] = headerJson(ofModules);
  if (extra.length > 0) headers['x-okapi-extra-permissions'] = headerJson(extra);
  return headers;
};

/** JSON that fits into a header: ASCII alone. */
export const headerJson = (value: unknown): string => asciiOf(JSON.stringify(value));

const asciiOf = (text: string): string =>
  /^[ -~]*$/.test(text)
    ? text
    : text.replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
