import { maxTokenLength, type Tokens } from './tokens.ts';

/**
 * May a token that a remote auth filter has made be given to a module? One of ours must be a module token for that module;
 * somebody else's must at least say the execution tenant, because modules read the tenant from token and header.
 */
export const acceptsForeignToken = (
  token: string,
  moduleId: string,
  tenant: string,
  tokens: Pick<Tokens, 'verify'>,
): boolean => {
  if (token.length > maxTokenLength) return false;
  const verified = tokens.verify(token);
  if (verified.kind === 'verified') {
    const { claims } = verified;
    return claims.kind === 'module' && claims.module === moduleId && claims.tenant === tenant;
  }
  return verified.reason === 'foreign' && unverifiedTenant(token) === tenant;
};

const unverifiedTenant = (token: string): unknown => {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    return typeof payload === 'object' && payload !== null && Object.hasOwn(payload, 'tenant')
      ? Reflect.get(payload, 'tenant')
      : undefined;
  } catch {
    return undefined;
  }
};
