import type { RelationLine, RuleChangeRequest, RuleLine } from '#operations';
import { DEFAULT_VIEW, formatAddress } from '../../../state/url.ts';

/** A condition of a rule, as it stands in the fields. */
export interface ConditionDraft {
  readonly where: 'query' | 'body';
  readonly name: string;
  readonly value: string;
}

/** A rule as it stands in the fields. */
export interface RuleDraft {
  /** Names it while it is moved about. */
  readonly key: string;
  /** Place in the file; undefined: it is new. */
  readonly was: number | undefined;
  /** '': any. */
  readonly method: string;
  /** '': any. */
  readonly path: string;
  readonly conditions: readonly ConditionDraft[];
  readonly tenant: string;
}

/** The rules of a relation, to be changed. */
export const draftsOf = ({ rules }: Pick<RelationLine, 'rules'>): readonly RuleDraft[] =>
  rules.map(({ method, path, query, body, tenant }, was) => ({
    key: `was-${was}`,
    was,
    method: method ?? '',
    path: path ?? '',
    conditions: [...conditionsOf('query', query), ...conditionsOf('body', body)],
    tenant,
  }));

const conditionsOf = (
  where: ConditionDraft['where'],
  conditions: Readonly<Record<string, string>>,
): readonly ConditionDraft[] => Object.entries(conditions).map(([name, value]) => ({ where, name, value }));

/** What is sent of a rule. Conditions without a name and a value are none. */
export const ruleOf = ({ was, method, path, conditions, tenant }: RuleDraft): RuleChangeRequest => {
  const of = (where: ConditionDraft['where']): Readonly<Record<string, string>> =>
    Object.fromEntries(
      conditions
        .filter((each) => each.where === where && (each.name !== '' || each.value !== ''))
        .map(({ name, value }) => [name, value]),
    );
  return {
    method: method === '' ? null : method,
    path: path.trim() === '' ? null : path.trim(),
    query: of('query'),
    body: of('body'),
    tenant,
    ...(was !== undefined && { was }),
  };
};

/** Are there other rules, or in another order, than the relation has? */
export const areChanged = (drafts: readonly RuleDraft[], { rules }: Pick<RelationLine, 'rules'>): boolean =>
  JSON.stringify(drafts.map(ruleOf)) !== JSON.stringify(draftsOf({ rules }).map(ruleOf));

/** A name that a rule asks about twice in the same place, where only one value could be written; undefined: none. */
export const nameTwice = ({ conditions }: RuleDraft): string | undefined => {
  const seen = new Set<string>();
  for (const { where, name } of conditions) {
    const key = `${where}:${name}`;
    if (name !== '' && seen.has(key)) return name;
    seen.add(key);
  }
  return undefined;
};

/** Place of the first rule above that takes every request of this one, so that it is never reached; -1: none. */
export const hiddenBy = (rules: readonly RuleLine[], place: number): number => {
  const rule = rules[place];
  return rule === undefined ? -1 : rules.slice(0, place).findIndex((above) => takesAllOf(above, rule));
};

const takesAllOf = (above: RuleLine, rule: RuleLine): boolean =>
  (above.method === null || above.method === rule.method) &&
  takesPaths(above.path, rule.path) &&
  asksLess(above.query, rule.query) &&
  asksLess(above.body, rule.body);

const takesPaths = (above: string | null, path: string | null): boolean => {
  if (above === null || above === path) return true;
  const star = above.indexOf('*');
  return path !== null && star !== -1 && star === above.length - 1 && path.startsWith(above.slice(0, star));
};

const asksLess = (
  above: Readonly<Record<string, string>>,
  conditions: Readonly<Record<string, string>>,
): boolean => Object.entries(above).every(([name, value]) => conditions[name] === value);

/** Address of *explain* with a request that the rule takes, made by somebody of the relation's organization. */
export const explainAddress = (
  home: string,
  { tenant, modules }: Pick<RelationLine, 'tenant' | 'modules'>,
  { method, path, query, body }: RuleLine,
): string => {
  const asked = path?.replaceAll('*', 'x') ?? `/${(modules[0] ?? '').replace(/^mod-/, '')}`;
  const parameters = new URLSearchParams(query).toString();
  return formatAddress({
    org: home,
    site: null,
    scope: 'organization',
    page: 'explain',
    rest: [],
    view: DEFAULT_VIEW,
    extra: {
      tenant,
      method: method ?? (Object.keys(body).length > 0 ? 'POST' : 'GET'),
      path: parameters === '' ? asked : `${asked}?${parameters}`,
      ...(Object.keys(body).length > 0 && { body: JSON.stringify(body) }),
    },
  });
};
