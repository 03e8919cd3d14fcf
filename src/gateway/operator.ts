import { createHash, timingSafeEqual } from 'node:crypto';

/** Does `Authorization` carry the operator's token? Compared by digest, in constant time. An empty token opens nothing. */
export const isOperator = (authorization: string | undefined, operatorToken: string): boolean => {
  if (operatorToken === '' || authorization === undefined || !authorization.startsWith('Bearer '))
    return false;
  return timingSafeEqual(digest(authorization.slice(7).trim()), digest(operatorToken));
};

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
