import type { RuleLine } from '#operations';

/** A rule as a sentence: `GET /eholdings/* with site = fashion.bg is done for Fashion`. Values are what the file says, shown as text. */
export const ruleWords = (
  { method, path, query, body, tenant }: RuleLine,
  nameOf: (tenant: string) => string,
): string => {
  const request =
    method === null && path === null
      ? 'every request'
      : `${method ?? 'any request to'}${path === null ? ' of any path' : ` ${path}`}`;
  const conditions = [...pairs(query, 'in the query'), ...pairs(body, 'in the body')];
  const having = conditions.length === 0 ? '' : ` with ${conditions.join(' and ')}`;
  return `${request}${having} is done for ${nameOf(tenant)}`;
};

const pairs = (conditions: Readonly<Record<string, string>>, where: string): readonly string[] =>
  Object.entries(conditions).map(([name, value]) => `${name} = ${value} ${where}`);
