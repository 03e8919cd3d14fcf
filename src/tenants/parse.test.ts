import { describe, expect, it } from 'vitest';
import { relation } from '../../test/support/map-texts.ts';
import { parseUsersMap } from './parse.ts';
import { problemText } from './problem.ts';

const WHOLE = `--- # Multi-user configuration for Basic RUM
- user:
    prefix: fashion_bg
    brum_trace: BY83kR5MS5PM
    expire: 2027-12-25          # valid through the end of this day, UTC
    # optional
    name: Fashion BG
    hostnames: [fashion.bg, WWW.Fashion.bg, bücher.example]
    only_hostnames: true
    retention_days: 395
    beacons_per_second: 200
- user: { prefix: sofia_news, brum_trace: [ENPu8ctP6zda, "0123"], expire: 2027-11-22T10:00:00+02:00 }
- user: { prefix: balkan_agency, name: Balkan Agency }   # no trace: sends no beacons

- relation:
    tenant: balkan_agency                     # A: whose requests
    executes_as: [fashion_bg, sofia_news]     # B, C: for whom they may be executed
    modules: [reports, notes]
    when:
      - { query: { site: fashion.bg }, tenant: fashion_bg }
      - { path: /eholdings/*, tenant: sofia_news }
      - { method: POST, path: /notes, body: { domain: eholdings }, tenant: sofia_news }
    permissions: [reports.*, notes.*]
    requires_account: true
    expire: 2027-12-31
`;

describe('a users map', () => {
  it('is read with every key that it may have', () => {
    const { tenants, relations, problems } = parseUsersMap(WHOLE);
    expect(problems).toEqual([]);
    expect(tenants).toEqual([
      {
        id: 'fashion_bg',
        name: 'Fashion BG',
        traces: ['BY83kR5MS5PM'],
        expiresAt: Date.parse('2027-12-26T00:00:00Z'),
        hostnames: ['fashion.bg', 'www.fashion.bg', 'xn--bcher-kva.example'],
        onlyHostnames: true,
        retentionDays: 395,
        beaconsPerSecond: 200,
      },
      {
        id: 'sofia_news',
        name: 'sofia_news',
        traces: ['ENPu8ctP6zda', '0123'],
        expiresAt: Date.parse('2027-11-22T08:00:00Z'),
        hostnames: [],
        onlyHostnames: false,
        retentionDays: null,
        beaconsPerSecond: null,
      },
      {
        id: 'balkan_agency',
        name: 'Balkan Agency',
        traces: [],
        expiresAt: null,
        hostnames: [],
        onlyHostnames: false,
        retentionDays: null,
        beaconsPerSecond: null,
      },
    ]);
    expect(relations).toEqual([
      {
        id: 'balkan_agency#1',
        key: expect.stringMatching(/^[0-9a-f]{16}$/),
        tenant: 'balkan_agency',
        executesAs: ['fashion_bg', 'sofia_news'],
        modules: ['reports', 'notes'],
        when: [
          { method: null, path: null, query: { site: 'fashion.bg' }, body: {}, tenant: 'fashion_bg' },
          { method: null, path: '/eholdings/*', query: {}, body: {}, tenant: 'sofia_news' },
          { method: 'POST', path: '/notes', query: {}, body: { domain: 'eholdings' }, tenant: 'sofia_news' },
        ],
        permissions: ['reports.*', 'notes.*'],
        requiresAccount: true,
        expiresAt: Date.parse('2028-01-01T00:00:00Z'),
      },
    ]);
  });

  it.each([
    ['Windows line ends', WHOLE.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${WHOLE}`],
    ['no line end at its end', WHOLE.trimEnd()],
    ['an end mark', `${WHOLE}...\n`],
    [
      'relations before their users',
      `${WHOLE.slice(WHOLE.indexOf('- relation'))}${WHOLE.slice(0, WHOLE.indexOf('- relation')).slice(4)}`,
    ],
  ])('is read alike with %s', (_, text) => {
    expect(parseUsersMap(Buffer.from(text))).toEqual(parseUsersMap(WHOLE));
  });

  it('reads whether a relation asks for an account in the other tenant', () => {
    expect(parseUsersMap(relation('')).relations[0]?.requiresAccount).toBe(false);
    expect(parseUsersMap(relation('requires_account: false')).relations[0]?.requiresAccount).toBe(false);
    const [asking] = parseUsersMap(relation('requires_account: true')).relations;
    expect(asking?.requiresAccount).toBe(true);
    // Whoever was let in by the one was not let in by the other.
    expect(asking?.key).not.toBe(parseUsersMap(relation('')).relations[0]?.key);
  });

  it('gives a relation without permissions no ceiling, and one with an empty list the lowest', () => {
    const users = '- user: { prefix: a }\n- user: { prefix: b }\n';
    const relation = (more: string): string =>
      `${users}- relation: { tenant: a, executes_as: b, modules: notes${more} }`;
    expect(parseUsersMap(relation('')).relations[0]?.permissions).toEqual(['*']);
    expect(parseUsersMap(relation(', permissions: []')).relations[0]?.permissions).toEqual([]);
  });

  it('keeps names from the file out of the prototype', () => {
    const map = parseUsersMap(
      '- user: { prefix: a, brum_trace: __proto__ }\n- user: { prefix: b }\n' +
        '- relation: { tenant: a, executes_as: b, modules: x, when: [{ query: { __proto__: y }, tenant: b }] }',
    );
    expect(map.problems).toEqual([]);
    expect(map.tenants[0]?.traces).toEqual(['__proto__']);
    expect(Object.entries(map.relations[0]?.when[0]?.query ?? {})).toEqual([['__proto__', 'y']]);
    expect(Reflect.get({}, 'y')).toBeUndefined();
  });

  it('tells all problems at once, with line and place', () => {
    const text = `# three users
- user: { prefix: Acme }
- user:
    prefix: news
    expire: tomorrow
    colour: red
- user: { prefix: shop, retention_days: 0 }
`;
    expect(parseUsersMap(text).problems.map(problemText)).toEqual([
      expect.stringMatching(/^line 2, user\[0\]\.prefix: found "Acme", expected a lower-case letter/),
      expect.stringMatching(/^line 6, user\[1\]: found the unknown key "colour", expected one of prefix,/),
      expect.stringMatching(
        /^line 5, user\[1\]\.expire: found "tomorrow", expected a day such as 2027-12-25/,
      ),
      expect.stringMatching(/^line 7, user\[2\]\.retention_days: found "0", expected a whole number of days/),
    ]);
  });

  it('tells a hundred problems and the number of the others', () => {
    const text = '- user: { prefix: NO }\n'.repeat(150);
    const { problems } = parseUsersMap(text);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)?.message).toContain('50 more problems');
  });
});

describe('every prefix of bytes of a good map', () => {
  it('is refused or is a beginning of it', () => {
    const bytes = Buffer.from(WHOLE);
    const whole = parseUsersMap(WHOLE).tenants.map((tenant) => JSON.stringify([tenant.id]));
    for (let length = 0; length < bytes.length; length++) {
      const ids = parseUsersMap(bytes.subarray(0, length)).tenants.map((tenant) =>
        JSON.stringify([tenant.id]),
      );
      // A cut name is another name: that is why the registry waits until a file has settled.
      expect(ids.slice(0, -1)).toEqual(whole.slice(0, Math.max(0, ids.length - 1)));
    }
  });
});

it('a relation has a key that stays with what it lends, wherever it stands, and goes with a change of it', () => {
  const users = '- user: { prefix: a }\n- user: { prefix: b }\n- user: { prefix: c }\n';
  const keysOf = (...relations: readonly string[]): readonly string[] =>
    parseUsersMap(users + relations.map((each) => `- relation: { ${each} }\n`).join('')).relations.map(
      ({ key }) => key,
    );
  const lends = 'tenant: a, executes_as: [b], modules: [notes], permissions: [notes.*]';
  const other = 'tenant: a, executes_as: [c], modules: [notes]';
  const [key = ''] = keysOf(lends);
  expect(keysOf(other, `${lends}, expire: 2030-01-01`)[1]).toBe(key);
  const changed = [
    lends.replace('[b]', '[b, c]'),
    lends.replace('[notes]', '[users]'),
    lends.replace('notes.*', 'users.*'),
    `${lends}, requires_account: true`,
  ];
  expect(new Set([key, ...keysOf(...changed)]).size).toBe(5);
});
