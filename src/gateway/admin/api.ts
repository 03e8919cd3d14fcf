import { AppError, errorText } from '#core';
import type { TenantRegistry } from '#tenants';
import type { ModuleResponse } from '../contract.ts';
import type { AdminHandler, AdminRequest } from '../options.ts';
import { missing, refusal } from './answers.ts';
import type { Deployment } from './deployment.ts';
import type { PersistentStore } from './persistent-store.ts';

/** What the admin API works on. */
export interface AdminWorld {
  readonly store: PersistentStore;
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly deployment: Deployment;
}

/** Changes the users map; resolves when the change is in force. */
export interface TenantFile {
  add(id: string, name: string | undefined): Promise<void>;
  rename(id: string, name: string): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Answers one path; the second argument are the values of its `{names}`, decoded, in order. */
export type AdminRoute = (
  request: AdminRequest,
  values: readonly string[],
) => ModuleResponse | Promise<ModuleResponse>;

/** `METHOD /path/{name}` → answer. */
export type AdminRoutes = Readonly<Record<string, AdminRoute>>;

/** The admin API: the first route whose method and path fit. A trailing slash fits nothing, as in Okapi. */
export const createAdmin = (...groups: readonly AdminRoutes[]): AdminHandler => {
  const routes = groups.flatMap((group) => Object.entries(group)).map(([key, route]) => compile(key, route));
  return async (request) => {
    const parts = request.path.split('/');
    for (const { method, fit, route } of routes) {
      const values = method === request.method ? fit(parts) : null;
      if (values === null) continue;
      try {
        return await route(request, values);
      } catch (error) {
        if (!(error instanceof AppError) || error.status >= 500) throw error;
        return refusal(error.status, errorText(error));
      }
    }
    return missing('No suitable module found for path and tenant');
  };
};

const compile = (key: string, route: AdminRoute) => {
  const [method = '', path = ''] = key.split(' ');
  const pattern = path.split('/');
  const fit = (parts: readonly string[]): readonly string[] | null => {
    if (parts.length !== pattern.length) return null;
    const values: string[] = [];
    for (const [index, expected] of pattern.entries()) {
      const part = parts[index] ?? '';
      if (expected.startsWith('{')) {
        const value = decoded(part);
        if (value === null || value === '') return null;
        values.push(value);
      } else if (part !== expected) return null;
    }
    return values;
  };
  return { method, fit, route };
};

const decoded = (part: string): string | null => {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
};
