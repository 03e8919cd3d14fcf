import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addRelationText,
  addUserText,
  changeRelationText,
  changeUserText,
  parseUsersMap,
  renewRelationText,
  withdrawText,
} from '#tenants';

/*
 * Users maps in many layouts, changed many times: what is read back is what a plain model says, and no comment outside of what was taken away is
 * ever lost.
 */

interface User {
  readonly prefix: string;
  name: string | null;
  expire: string | null;
  hostnames: readonly string[];
}

interface Relation {
  readonly tenant: string;
  executesAs: readonly string[];
  rules: readonly Rule[];
  expire: string | null;
}

interface Rule {
  readonly method: string | null;
  readonly path: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, string>>;
  readonly tenant: string;
}

const PREFIXES = ['shop_one', 'news_two', 'y', 'no', 'agency_x'] as const;
const day = fc.constantFrom('2030-01-01', '2031-12-31', '2032-02-29');
const name = fc.constantFrom('Plain', 'With "quotes"', 'a: b # c', 'ünï', "it's", '- dash', '1e3');
const hosts = fc.subarray(['a.bg', 'b.bg', 'www.c.bg']);

const user = (prefix: string) =>
  fc.record({
    prefix: fc.constant(prefix),
    name: fc.option(name),
    expire: fc.option(day),
    hostnames: hosts,
  });

const relation = fc
  .record({
    tenant: fc.constantFrom(...PREFIXES),
    members: fc.subarray([...PREFIXES], { minLength: 1 }),
    expire: fc.option(day),
    hasRules: fc.boolean(),
  })
  .map(({ tenant, members, expire, hasRules }) => {
    const others = members.filter((member) => member !== tenant);
    const executesAs = others.length > 0 ? others : PREFIXES.filter((each) => each !== tenant).slice(0, 1);
    return { tenant, executesAs, expire, rules: hasRules ? executesAs.map(getFor) : [] };
  });

const getFor = (tenant: string): Rule => ({ method: 'GET', path: null, query: {}, body: {}, tenant });

/** Names and values that are hard to write. */
const conditions = fc.dictionary(
  fc.constantFrom('site', 'no', '1', 'a b', '#'),
  fc.constantFrom('fashion.bg', 'yes', '', '2027-12-25', '"x", y', "it's # no comment", '{a: [b]}'),
  { maxKeys: 2, noNullPrototype: true },
);

/** What becomes of the rules: in which order, which of them change, which go, and which are new. */
const ruleSteps = fc.array(
  fc.record({
    /** Of the rules that there are; beyond them: a new one. */
    from: fc.nat(5),
    isChanged: fc.boolean(),
    method: fc.option(fc.constantFrom('GET', 'POST', 'NO', 'Y')),
    path: fc.option(fc.constantFrom('/', '/notes', '/a/*/b-c', "/x:y,'z'", '/[a]{b}')),
    query: conditions,
    body: conditions,
    to: fc.nat(4),
  }),
  { maxLength: 4 },
);

/** How an entry is written: in one line, or in lines with lists in one of two forms. */
type Style = 'flow' | 'block' | 'block-lists';
const style = fc.constantFrom<Style>('flow', 'block', 'block-lists');

const written = (
  kind: string,
  members: readonly (readonly [string, string | readonly string[]])[],
  layout: Style,
) => {
  const flowList = (values: readonly string[]): string => `[${values.join(', ')}]`;
  const flowText = (value: string | readonly string[]): string =>
    typeof value === 'string' ? value : flowList(value);
  if (layout === 'flow')
    return `- ${kind}: { ${members.map(([key, value]) => `${key}: ${flowText(value)}`).join(', ')} } # ${kind} in one line\n`;
  const lines = members.map(([key, value]) => {
    if (typeof value === 'string') return `    ${key}: ${value} # ${key} of it\n`;
    if (layout === 'block') return `    ${key}: ${flowList(value)}\n`;
    const above = key === 'when' ? '      # above a rule\n' : '';
    return `    ${key}:\n${value.map((item) => `${above}      - ${item}\n`).join('')}`;
  });
  return `# before\n- ${kind}:\n${lines.join('')}\n`;
};

const quoted = (text: string): string => JSON.stringify(text);

const textOf = (
  users: readonly (User & { style: Style })[],
  relations: readonly (Relation & { style: Style })[],
) =>
  [
    '--- # the organizations\n',
    ...users.map(({ prefix, name: called, expire, hostnames, style: layout }) =>
      written(
        'user',
        [
          ['prefix', quoted(prefix)],
          ...(called === null ? [] : [['name', quoted(called)] as const]),
          ...(expire === null ? [] : [['expire', expire] as const]),
          ...(hostnames.length === 0 ? [] : [['hostnames', hostnames] as const]),
        ],
        layout,
      ),
    ),
    ...relations.map(({ tenant, executesAs, rules, expire, style: layout }) =>
      written(
        'relation',
        [
          ['tenant', quoted(tenant)],
          ['executes_as', executesAs.map(quoted)],
          ['modules', ['notes']],
          ...(rules.length === 0
            ? []
            : [['when', rules.map(({ tenant: to }) => `{ method: GET, tenant: ${quoted(to)} }`)] as const]),
          ...(expire === null ? [] : [['expire', expire] as const]),
        ],
        layout,
      ),
    ),
    '# the end\n',
  ].join('');

const change = fc.oneof(
  fc.record({ kind: fc.constant('name' as const), who: fc.nat(4), name }),
  fc.record({ kind: fc.constant('expire' as const), who: fc.nat(4), expire: fc.option(day) }),
  fc.record({ kind: fc.constant('hostnames' as const), who: fc.nat(4), hostnames: hosts }),
  fc.record({ kind: fc.constant('add' as const), number: fc.nat(9), name }),
  fc.record({ kind: fc.constant('relate' as const), relation }),
  fc.record({ kind: fc.constant('renew' as const), which: fc.nat(5), expire: day }),
  fc.record({
    kind: fc.constant('members' as const),
    which: fc.nat(5),
    members: fc.subarray([...PREFIXES], { minLength: 2 }),
    modules: fc.subarray(['notes', 'reports', 'users'], { minLength: 1 }),
    expire: fc.option(day),
  }),
  fc.record({ kind: fc.constant('rules' as const), which: fc.nat(5), steps: ruleSteps }),
  fc.record({ kind: fc.constant('withdraw' as const), which: fc.nat(5), member: fc.nat(4), expire: day }),
);
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

/** Does the same to the text and to the model. */
const apply = (text: string, users: User[], relations: Relation[], step: Change): string => {
  const userAt = 'who' in step ? users[step.who % users.length] : undefined;
  const place = 'which' in step && relations.length > 0 ? step.which % relations.length : -1;
  const relationAt = relations[place];
  const id = `${relationAt?.tenant}#${place + 1}`;
  switch (step.kind) {
    case 'name':
      if (userAt === undefined) return text;
      userAt.name = step.name;
      return changeUserText(text, userAt.prefix, { name: step.name });
    case 'expire':
      if (userAt === undefined) return text;
      userAt.expire = step.expire;
      return changeUserText(text, userAt.prefix, { expire: step.expire });
    case 'hostnames':
      if (userAt === undefined) return text;
      userAt.hostnames = step.hostnames;
      return changeUserText(text, userAt.prefix, { hostnames: step.hostnames });
    case 'add': {
      const prefix = `added_${step.number}`;
      if (users.some((each) => each.prefix === prefix)) return text;
      users.push({ prefix, name: step.name, expire: null, hostnames: [] });
      return addUserText(text, { prefix, name: step.name, traces: [] });
    }
    case 'relate': {
      const { tenant, executesAs, expire } = step.relation;
      relations.push({ tenant, executesAs, rules: [], expire });
      return addRelationText(text, {
        tenant,
        executesAs,
        modules: ['notes'],
        permissions: ['*'],
        ...(expire !== null && { expire }),
      });
    }
    case 'renew':
      if (relationAt === undefined) return text;
      relationAt.expire = step.expire;
      return renewRelationText(text, id, step.expire);
    case 'members': {
      if (relationAt === undefined) return text;
      const wanted: readonly string[] = step.members.filter((member) => member !== relationAt.tenant);
      const stay: readonly string[] = relationAt.executesAs.filter((member) => wanted.includes(member));
      relationAt.executesAs = [...stay, ...wanted.filter((member) => !stay.includes(member))];
      relationAt.rules = relationAt.rules.filter(({ tenant: to }) => wanted.includes(to));
      relationAt.expire = step.expire;
      return changeRelationText(text, id, {
        executesAs: wanted,
        modules: step.modules,
        expire: step.expire,
      });
    }
    case 'rules': {
      if (relationAt === undefined) return text;
      const { rules: before, executesAs } = relationAt;
      const wishes = step.steps.map(({ from, isChanged, to, ...facts }) => {
        const old = before[from];
        const fresh: Rule = { ...facts, tenant: executesAs[to % executesAs.length] ?? '' };
        return { ...(old === undefined || isChanged ? fresh : old), was: from };
      });
      relationAt.rules = wishes.map(({ was: _was, ...rule }) => rule);
      return changeRelationText(text, id, { rules: wishes });
    }
    case 'withdraw': {
      if (relationAt === undefined) return text;
      const member = relationAt.executesAs[step.member % relationAt.executesAs.length] ?? '';
      if (relationAt.executesAs.length === 1) relationAt.expire = step.expire;
      else {
        relationAt.executesAs = relationAt.executesAs.filter((each) => each !== member);
        relationAt.rules = relationAt.rules.filter(({ tenant: to }) => to !== member);
      }
      return withdrawText(text, id, member, step.expire);
    }
  }
};

const endOf = (expire: string | null): number | null =>
  expire === null ? null : Date.parse(`${expire}T00:00:00Z`) + 86_400_000;

test('every change of a users map is read back as it was meant, whatever its layout, and no comment is lost', () => {
  const world = fc.record({
    users: fc.tuple(...PREFIXES.map((prefix) => fc.tuple(user(prefix), style))),
    relations: fc.array(fc.tuple(relation, style), { maxLength: 3 }),
    crlf: fc.boolean(),
    changes: fc.array(change, { minLength: 1, maxLength: 8 }),
  });
  fc.assert(
    fc.property(world, ({ users, relations, crlf, changes }) => {
      const modelUsers: User[] = users.map(([facts]) => ({ ...facts }));
      const modelRelations: Relation[] = relations.map(([facts]) => ({ ...facts }));
      const plain = textOf(
        users.map(([facts, layout]) => ({ ...facts, style: layout })),
        relations.map(([facts, layout]) => ({ ...facts, style: layout })),
      );
      const before = crlf ? plain.replaceAll('\n', '\r\n') : plain;
      expect(parseUsersMap(before).problems).toEqual([]);

      let text = before;
      for (const step of changes) text = apply(text, modelUsers, modelRelations, step);

      const map = parseUsersMap(text);
      expect(map.problems).toEqual([]);
      expect(
        map.tenants.map(({ id, name: called, expiresAt, hostnames }) => ({
          id,
          called,
          expiresAt,
          hostnames,
        })),
      ).toEqual(
        modelUsers.map(({ prefix, name: called, expire, hostnames }) => ({
          id: prefix,
          called: called ?? prefix,
          expiresAt: endOf(expire),
          hostnames,
        })),
      );
      expect(
        map.relations.map(({ tenant, executesAs, when, expiresAt }) => ({
          tenant,
          executesAs,
          rules: when.map(({ query, body, ...rule }) => ({
            ...rule,
            query: { ...query },
            body: { ...body },
          })),
          expiresAt,
        })),
      ).toEqual(
        modelRelations.map(({ tenant, executesAs, rules, expire }) => ({
          tenant,
          executesAs,
          rules,
          expiresAt: endOf(expire),
        })),
      );
      // Only a member that is taken away takes the comment of its line along.
      const kept = (whole: string): readonly string[] =>
        [
          ...whole.matchAll(
            /# (?:before|the end|the organizations|user in|relation in|tenant of|prefix of)[^\r\n]*/g,
          ),
        ].map(([comment]) => comment);
      expect(kept(text)).toEqual(kept(before));
      // Lines above rules move with them, and stay when they go.
      expect(text.split('# above a rule')).toHaveLength(before.split('# above a rule').length);
      expect(text.includes('\r\n')).toBe(crlf);
    }),
    { numRuns: 250 },
  );
});
