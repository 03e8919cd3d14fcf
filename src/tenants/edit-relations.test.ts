import { describe, expect, it } from 'vitest';
import { addRelationText, renewRelationText, withdrawText } from './edit-relations.ts';
import { changeUserText } from './edit-text.ts';
import { changeRelationText } from './change-relation.ts';
import { parseUsersMap } from './parse.ts';

const USERS = `--- # our organizations
- user:
    prefix: fashion_bg   # Sofia
    brum_trace: BY83kR5MS5PM
    expire: 2027-12-25          # paid until then
    hostnames: # their sites
      - fashion.bg
      - www.fashion.bg
    retention_days: 30
- user: { prefix: sofia_news, expire: 2027-11-22, name: News } # one line
- user: { prefix: balkan_agency }
`;

const BLOCK = `${USERS}- relation:
    tenant: balkan_agency
    executes_as: # members
      - fashion_bg # since May
      - sofia_news
    modules: [notes]
    when:
      - { query: { site: fashion.bg }, tenant: fashion_bg } # theirs
      - path: /eholdings/*
        tenant: sofia_news
# the end
`;

const FLOW = `${USERS}- relation: { tenant: sofia_news, executes_as: fashion_bg, modules: [notes] }
- relation: { tenant: balkan_agency, executes_as: [fashion_bg, sofia_news], modules: [notes], when: [{ method: GET, tenant: fashion_bg }, { method: PUT, tenant: sofia_news }] }
`;

const mapOf = (text: string) => {
  const map = parseUsersMap(text);
  expect(map.problems).toEqual([]);
  return map;
};

/** Comments of a text, in order. */
const commentsOf = (text: string): string[] => [...text.matchAll(/#[^\n]*/g)].map(([comment]) => comment);

describe('adding a relation', () => {
  it('puts it at the end and reads back as it was meant, even names that YAML takes for something else', () => {
    const added = addRelationText(BLOCK, {
      tenant: 'sofia_news',
      executesAs: ['fashion_bg'],
      modules: ['reports', 'notes'],
      permissions: ['*', 'notes.*'],
      expire: '2028-01-31',
    });
    expect(mapOf(added).relations.at(-1)).toEqual({
      id: 'sofia_news#2',
      key: expect.stringMatching(/^[0-9a-f]{16}$/),
      tenant: 'sofia_news',
      executesAs: ['fashion_bg'],
      modules: ['reports', 'notes'],
      when: [],
      permissions: ['*', 'notes.*'],
      requiresAccount: false,
      expiresAt: Date.parse('2028-02-01T00:00:00Z'),
    });
    expect(commentsOf(added)).toEqual(commentsOf(BLOCK));
  });

  it('writes its rules in their order', () => {
    const rules = [
      { method: 'GET', path: '/notes/*', query: { site: 'a.example' }, body: {}, tenant: 'fashion_bg' },
      { method: null, path: null, query: {}, body: { kind: 'yes' }, tenant: 'fashion_bg' },
    ];
    const added = addRelationText(BLOCK, {
      tenant: 'sofia_news',
      executesAs: ['fashion_bg'],
      modules: ['notes'],
      permissions: ['notes.*'],
      rules,
    });
    expect(mapOf(added).relations.at(-1)?.when).toEqual(rules.map((rule) => expect.objectContaining(rule)));
  });
});

describe('ending a relation', () => {
  it('gives it an expiry and leaves the names of the others as they are', () => {
    const ended = renewRelationText(FLOW, 'sofia_news#1', '2026-11-22T10:00:00Z');
    expect(mapOf(ended).relations.map(({ id, expiresAt }) => [id, expiresAt])).toEqual([
      ['sofia_news#1', Date.parse('2026-11-22T10:00:00Z')],
      ['balkan_agency#2', null],
    ]);
  });

  it.each([
    ['in lines', BLOCK, 'balkan_agency#1'],
    ['in one line', FLOW, 'balkan_agency#2'],
  ])('takes one member and the rules that lead to it out of a relation %s', (_layout, text, id) => {
    const left = mapOf(withdrawText(text, id, 'fashion_bg', '2026-11-22')).relations.find(
      (relation) => relation.id === id,
    );
    expect(left?.executesAs).toEqual(['sofia_news']);
    expect(left?.when.map(({ tenant }) => tenant)).toEqual(['sofia_news']);
    expect(left?.expiresAt).toBeNull();
  });

  it('ends a relation whose only member withdraws', () => {
    const [relation] = mapOf(withdrawText(FLOW, 'sofia_news#1', 'fashion_bg', '2026-11-22')).relations;
    expect(relation?.expiresAt).toBe(Date.parse('2026-11-23T00:00:00Z'));
  });

  it('keeps the comments of everything that stays', () => {
    const text = withdrawText(BLOCK, 'balkan_agency#1', 'fashion_bg', '2026-11-22');
    expect(commentsOf(BLOCK).filter((comment) => !commentsOf(text).includes(comment))).toEqual([
      '# since May',
      '# theirs',
    ]);
  });

  it.each(['sofia_news#2', 'nobody#1', 'balkan_agency', 'balkan_agency#9'])(
    'refuses the name %s, which is not in the file',
    (id) => {
      expect(() => renewRelationText(FLOW, id, '2026-11-22')).toThrow('found no relation');
    },
  );
});

describe('changing a relation', () => {
  it.each([
    ['in lines', BLOCK, 'balkan_agency#1'],
    ['in one line', FLOW, 'balkan_agency#2'],
  ])('sets members, modules, ceiling and end of a relation %s', (_layout, text, id) => {
    const withMember = text.replace('- relation', '- user: { prefix: new_member }\n- relation');
    const changed = changeRelationText(withMember, id, {
      executesAs: ['sofia_news', 'new_member'],
      modules: ['notes', 'reports'],
      permissions: ['notes.*'],
      expire: '2031-01-31',
    });
    const relation = mapOf(changed).relations.find((each) => each.id === id);
    expect(relation).toMatchObject({
      executesAs: ['sofia_news', 'new_member'],
      modules: ['notes', 'reports'],
      permissions: ['notes.*'],
      expiresAt: Date.parse('2031-02-01T00:00:00Z'),
    });
    expect(relation?.when.map(({ tenant }) => tenant)).toEqual(['sofia_news']);
    const endless = mapOf(changeRelationText(changed, id, { expire: null })).relations;
    expect(endless.find((each) => each.id === id)?.expiresAt).toBeNull();
  });

  it('keeps the comments of all members and rules that stay, and keys that it does not know', () => {
    const text = BLOCK.replace('    when:', '    requires_something: true # of tomorrow\n    when:');
    const changed = changeRelationText(text, 'balkan_agency#1', {
      executesAs: ['fashion_bg'],
      modules: ['notes', 'users'],
    });
    expect(commentsOf(changed)).toEqual(commentsOf(text));
    expect(changed).toContain('    requires_something: true # of tomorrow\n');
    expect(changed).not.toContain('sofia_news\n');
  });

  it('asks for accounts and no longer, and keeps what is there when something else changes', () => {
    const id = 'balkan_agency#1';
    const relationOf = (text: string) => mapOf(text).relations.find((each) => each.id === id);
    const asking = changeRelationText(BLOCK, id, { requiresAccount: true });
    expect(relationOf(asking)).toMatchObject({ requiresAccount: true, modules: ['notes'] });
    expect(commentsOf(asking)).toEqual(commentsOf(BLOCK));
    expect(relationOf(changeRelationText(asking, id, { modules: ['users'] }))?.requiresAccount).toBe(true);
    expect(relationOf(renewRelationText(asking, id, '2031-01-31'))?.requiresAccount).toBe(true);
    expect(relationOf(changeRelationText(asking, id, { requiresAccount: false }))?.requiresAccount).toBe(
      false,
    );
    const added = addRelationText(USERS, {
      tenant: 'balkan_agency',
      executesAs: ['fashion_bg'],
      modules: ['notes'],
      permissions: ['*'],
      requiresAccount: true,
    });
    expect(relationOf(added)?.requiresAccount).toBe(true);
  });

  it('changes nothing when nothing is asked for, or what is there already', () => {
    expect(changeRelationText(BLOCK, 'balkan_agency#1', {})).toBe(BLOCK);
    const same = { executesAs: ['fashion_bg', 'sofia_news'], modules: ['notes'] };
    expect(changeRelationText(BLOCK, 'balkan_agency#1', same)).toBe(BLOCK);
  });
});

describe('changing a user', () => {
  it.each([
    ['in lines', 'fashion_bg'],
    ['in one line', 'sofia_news'],
    ['with nothing but a prefix', 'balkan_agency'],
  ])('sets everything of an entry %s and touches nobody else', (_layout, prefix) => {
    const changed = changeUserText(BLOCK, prefix, {
      name: 'Two: "words" #1',
      traces: ['t1', 't2'],
      expire: '2030-01-01',
      hostnames: ['a.bg', 'b.bg'],
      onlyHostnames: true,
      retentionDays: 90,
      beaconsPerSecond: 200,
    });
    expect(mapOf(changed).tenants.find(({ id }) => id === prefix)).toEqual({
      id: prefix,
      name: 'Two: "words" #1',
      traces: ['t1', 't2'],
      expiresAt: Date.parse('2030-01-02T00:00:00Z'),
      hostnames: ['a.bg', 'b.bg'],
      onlyHostnames: true,
      retentionDays: 90,
      beaconsPerSecond: 200,
    });
    const others = (text: string) => mapOf(text).tenants.filter(({ id }) => id !== prefix);
    expect(others(changed)).toEqual(others(BLOCK));
  });

  it.each(['fashion_bg', 'sofia_news', 'balkan_agency'])('takes what %s need not have away', (prefix) => {
    const changed = changeUserText(BLOCK, prefix, {
      traces: [],
      expire: null,
      hostnames: null,
      onlyHostnames: false,
      retentionDays: null,
      beaconsPerSecond: null,
    });
    expect(mapOf(changed).tenants.find(({ id }) => id === prefix)).toMatchObject({
      traces: [],
      expiresAt: null,
      hostnames: [],
      retentionDays: null,
      beaconsPerSecond: null,
    });
    expect(changed).toContain('# Sofia');
  });

  it('changes nothing when nothing is asked for', () => {
    expect(changeUserText(BLOCK, 'fashion_bg', {})).toBe(BLOCK);
  });
});
