import { describe, expect, it } from 'vitest';
import { changeRelationText } from './change-relation.ts';
import type { RuleWish } from './change-rules.ts';
import { parseUsersMap } from './parse.ts';

const USERS = `- user: { prefix: fashion_bg }
- user: { prefix: sofia_news }
- user: { prefix: balkan_agency }
`;

const LINES = `${USERS}- relation:
    tenant: balkan_agency
    executes_as: [fashion_bg, sofia_news]
    modules: [notes]
    when: # first match wins
      # the shop
      - { query: { site: fashion.bg }, tenant: fashion_bg } # theirs

      # the library
      - path: /eholdings/* # kb
        tenant: sofia_news # too
      - { method: GET, tenant: fashion_bg }
      # until summer
    permissions: ['*'] # all
# the end
`;

const ID = 'balkan_agency#1';
const NONE = { method: null, path: null, query: {}, body: {} };
const SHOP: RuleWish = { ...NONE, query: { site: 'fashion.bg' }, tenant: 'fashion_bg', was: 0 };
const LIBRARY: RuleWish = { ...NONE, path: '/eholdings/*', tenant: 'sofia_news', was: 1 };
const ALL: RuleWish = { ...NONE, method: 'GET', tenant: 'fashion_bg', was: 2 };

const change = (text: string, ...rules: readonly RuleWish[]): string =>
  changeRelationText(text, ID, { rules });

/** What stands between `modules` and `permissions`. */
const rulesOf = (text: string): string =>
  text.slice(text.indexOf('    when'), text.indexOf('    permissions'));

const mapOf = (text: string) => {
  const map = parseUsersMap(text);
  expect(map.problems).toEqual([]);
  return map.relations.find(({ id }) => id === ID);
};

describe('rules of a relation', () => {
  it('stay to the byte when they are the same', () => {
    expect(change(LINES, SHOP, LIBRARY, ALL)).toBe(LINES);
  });

  it('move with the comments in and above them', () => {
    expect(rulesOf(change(LINES, LIBRARY, SHOP, ALL))).toBe(`    when: # first match wins

      # the library
      - path: /eholdings/* # kb
        tenant: sofia_news # too
      # the shop
      - { query: { site: fashion.bg }, tenant: fashion_bg } # theirs
      - { method: GET, tenant: fashion_bg }
      # until summer
`);
  });

  it('change in one line, below the comments that were in them', () => {
    expect(
      rulesOf(change(LINES, SHOP, { ...LIBRARY, method: 'POST' }, ALL)),
    ).toBe(`    when: # first match wins
      # the shop
      - { query: { site: fashion.bg }, tenant: fashion_bg } # theirs

      # the library
      # kb
      - { method: POST, path: /eholdings/*, tenant: sofia_news } # too
      - { method: GET, tenant: fashion_bg }
      # until summer
`);
  });

  it('go with what stands in their lines, and what stands above stays', () => {
    expect(rulesOf(change(LINES, SHOP, ALL))).toBe(`    when: # first match wins
      # the shop
      - { query: { site: fashion.bg }, tenant: fashion_bg } # theirs

      # the library
      - { method: GET, tenant: fashion_bg }
      # until summer
`);
    const none = change(LINES);
    expect(rulesOf(none)).toBe(
      '    when: [] # first match wins\n      # the shop\n\n      # the library\n      # until summer\n',
    );
    expect(mapOf(none)?.when).toEqual([]);
  });

  it('come anew where there were none, and in place of an empty list', () => {
    const fresh: RuleWish = {
      ...NONE,
      body: { domain: 'yes', '1': "it's" },
      path: '/notes',
      tenant: 'sofia_news',
    };
    const line = '      - { path: /notes, body: { "1": "it\'s", domain: "yes" }, tenant: sofia_news }\n';
    const bare = LINES.replace(rulesOf(LINES), '');
    expect(rulesOf(change(bare, fresh))).toBe(`    when:\n${line}`);
    expect(rulesOf(change(change(LINES), fresh))).toBe(
      `    when: # first match wins\n${line}      # the shop\n\n      # the library\n      # until summer\n`,
    );
  });

  it('in braces stay as they are written, in one line or in lines of their own', () => {
    const list = `when: [{method: GET, tenant: fashion_bg}, { tenant: sofia_news }]`;
    const [get, rest] = [
      { ...ALL, was: 0 },
      { ...NONE, tenant: 'sofia_news', was: 1 },
    ];
    const inOne = `${USERS}- relation: { tenant: balkan_agency, executes_as: [fashion_bg, sofia_news], modules: [notes], ${list} } # x\n`;
    expect(change(inOne, rest, get)).toBe(
      inOne.replace(list, 'when: [{ tenant: sofia_news }, {method: GET, tenant: fashion_bg}]'),
    );
    const ofLines = LINES.replace(rulesOf(LINES), `    ${list} # short\n`);
    expect(rulesOf(change(ofLines, rest, get))).toBe(
      '    when: # short\n      - { tenant: sofia_news }\n      - {method: GET, tenant: fashion_bg}\n',
    );
  });

  it('are refused rather than that a comment is lost', () => {
    const text = `${USERS}- relation: { tenant: balkan_agency, executes_as: [fashion_bg], modules: [notes], when: [ # why
      { tenant: fashion_bg }] }\n`;
    expect(mapOf(text)?.when).toHaveLength(1);
    expect(() => change(text)).toThrow('not written as a list of lines');
  });

  it('that lead to a member that goes are left to the reader of the map, which says so', () => {
    const changed = changeRelationText(LINES, ID, { executesAs: ['fashion_bg'], rules: [LIBRARY] });
    expect(parseUsersMap(changed).problems).toMatchObject([
      { path: 'relation[0].when[0].tenant', found: '"sofia_news"', expected: 'a tenant of executes_as' },
    ]);
  });
});
