import { describe, expect, it } from 'vitest';
import { relation, user } from '../../test/support/map-texts.ts';
import { MAX_MAP_BYTES, parseUsersMap } from './parse.ts';
import { problemText } from './problem.ts';

/** What is wrong, the text, what the message names. */
const REFUSED: readonly (readonly [string, string | Uint8Array, RegExp])[] = [
  ['nothing', '', /an empty file/],
  ['white space', ' \n\t\n', /an empty file/],
  ['a comment alone', '# nobody\n', /found nothing/],
  ['an empty list', '[]', /no user/],
  ['relations alone', '- relation: { tenant: a, executes_as: b, modules: x }', /"a"/],
  ['a mapping', 'users: []', /a mapping, expected a list/],
  ['a text', 'users', /expected a list/],
  ['two documents', '---\n- user: { prefix: a }\n---\n- user: { prefix: b }\n', /multiple documents/],
  ['a directive', '%YAML 1.1\n---\n- user: { prefix: a }\n', /directive/],
  ['bytes that are no UTF-8', Uint8Array.of(0x2d, 0x20, 0xff, 0xfe), /not UTF-8/],
  ['a tab as indent', '- user:\n\tprefix: a\n', /YAML that cannot be read/],
  ['a bracket that is not closed', '- user: { prefix: a\n', /YAML that cannot be read/],
  ['too many bytes', `# ${'x'.repeat(MAX_MAP_BYTES)}\n- user: { prefix: a }`, /at most 5242880 bytes/],
  [
    'too many entries',
    Array.from({ length: 20_001 }, (_, index) => `- user: { prefix: t${index} }`).join('\n'),
    /20001 entries/,
  ],
  ['an alias', '- user: { prefix: a, name: *b }', /the alias "\*b"/],
  ['an anchor', '- user: &a { prefix: a }', /the anchor "&a"/],
  ['a tag', '- user: { prefix: !!str a }', /the tag "!!str"/],
  ['a merge key', '- user: { prefix: a, <<: { name: b } }', /unknown key "<<"/],
  ['a prototype key', '- user: { prefix: a, __proto__: { name: b } }', /unknown key "__proto__"/],
  ['a doubled key', '- user: { prefix: a, prefix: b }', /the same key twice/],
  ['a doubled kind', '- user: { prefix: a }\n  user: { prefix: b }', /the same key twice/],
  ['a user and a relation in one entry', '- user: { prefix: a }\n  relation: { tenant: a }', /2 keys/],
  ['an unknown entry', '- tenant: { prefix: a }', /unknown key "tenant"/],
  ['an entry that is a text', '- a', /"a", expected a mapping/],
  ['a user without members', '- user:', /nothing, expected a mapping/],
  ['a user without prefix', '- user: { name: a }', /no prefix/],
  ['an unknown key of a user', user('trace: b'), /unknown key "trace"/],
  ['a prefix twice', '- user: { prefix: a }\n- user: { prefix: a }', /the prefix "a" of user\[0\] again/],
  [
    'a trace twice',
    `${user('brum_trace: t')}\n- user: { prefix: b, brum_trace: t }`,
    /the trace "t" of user\[0\] again/,
  ],
  ['a trace twice in a list', user('brum_trace: [t, t]'), /"t" twice/],
  ['a trace in a mapping', user('brum_trace: { x: y }'), /a mapping/],
  ['an empty trace', user('brum_trace: ""'), /brum_trace: found ""/],
  ['an absent trace', user('brum_trace: '), /nothing/],
  ['a trace with a blank', user('brum_trace: a b'), /"a b"/],
  ['a trace of 129 characters', user(`brum_trace: ${'x'.repeat(129)}`), /brum_trace/],
  ['a trace with a control character', user('brum_trace: "a\\u0000"'), /brum_trace/],
  ...[
    'yes',
    'No',
    'on',
    'true',
    '~',
    'null',
    '0123',
    '12',
    '1e3',
    '0x1F',
    '1_000',
    '.5',
    '12:30:45',
    '.inf',
    '2027-12-25',
  ].map(
    (text) => [`${text} as a trace without quotes`, user(`brum_trace: ${text}`), /without quotes/] as const,
  ),
  ...['no', 'y', 'off'].map(
    (text) =>
      [`${text} as a prefix without quotes`, `- user: { prefix: ${text} }`, /without quotes/] as const,
  ),
  ...[
    'unknown',
    'expired',
    'quarantine',
    'archive',
    'system',
    'default',
    'information_schema',
    'rumbrella',
    'supertenant',
  ].map(
    (text) => [`the reserved prefix ${text}`, `- user: { prefix: ${text} }`, /not a reserved word/] as const,
  ),
  ...[
    'Acme',
    'ACME',
    'INFORMATION_SCHEMA',
    '1a',
    '_checkpoint',
    'a-b',
    'a.b',
    '..',
    '../../etc',
    '/etc/cron.d/x',
    '-rf',
    'x'.repeat(32),
  ].map(
    (text) =>
      [`the prefix ${text}`, `- user: { prefix: "${text}" }`, /expected a lower-case letter/] as const,
  ),
  ...['аcme', 'ａcme', 'acme\u200b', 'İ', 'ſ', 'acmé'].map(
    (text) =>
      [
        `the look-alike ${JSON.stringify(text)}`,
        `- user: { prefix: "${text}" }`,
        /expected a lower-case letter/,
      ] as const,
  ),
  ...['b_webperf_rum_events', 'webperf', 'a_page_views', 'a_webperf'].map(
    (text) =>
      [
        `the prefix ${text}, which hides in a table name`,
        `- user: { prefix: ${text} }`,
        /parts of table names/,
      ] as const,
  ),
  ['a prefix of a database', '- user: { prefix: pg_catalog }', /does not begin with pg_/],
  ...[
    'tomorrow',
    '2027-02-30',
    '2027-13-01',
    '25.12.2027',
    '2027-12-25 10:00',
    '2027-12-25T25:00:00Z',
    '2027-12-25T10:00:00',
    '1e9',
  ].map((text) => [`the expiry ${text}`, user(`expire: "${text}"`), /expected a day such as/] as const),
  ['an expiry that is empty', user('expire: '), /nothing, expected a day/],
  ...['https://a.b', 'a.b:80', 'a b', '*.a.b', 'a/b', '0x7f.1', ''].map(
    (text) =>
      [
        `the host name ${JSON.stringify(text)}`,
        user(`hostnames: ["${text}"]`),
        /expected a host name/,
      ] as const,
  ),
  ['no host name at all', user('hostnames: []'), /a list of 0/],
  ['only host names without any', user('only_hostnames: true'), /true without hostnames/],
  ['only host names as a word', user('hostnames: a.b, only_hostnames: yes'), /"yes", expected true or false/],
  ...['0', '-1', '1.5', '40000', 'long', '1e3'].map(
    (text) => [`${text} days`, user(`retention_days: ${text}`), /whole number of days/] as const,
  ),
  ...['0', '-1', '1.5', '1000001', 'many'].map(
    (text) =>
      [`${text} beacons a second`, user(`beacons_per_second: ${text}`), /whole number of beacons/] as const,
  ),
  ['an empty name', user('name: "  "'), /expected a name/],
  ['a name with a line break', user('name: "a\\nb"'), /expected a name/],
  [
    'a relation without modules',
    '- user: { prefix: a }\n- user: { prefix: b }\n- relation: { tenant: a, executes_as: b }',
    /no modules/,
  ],
  [
    'a relation of nobody',
    relation('expire: 2030-01-01').replace('tenant: a', 'tenant: x'),
    /"x", expected the prefix of a valid user/,
  ],
  [
    'a relation to nobody',
    relation('expire: 2030-01-01').replace('executes_as: b', 'executes_as: x'),
    /"x", expected the prefix/,
  ],
  [
    'a relation to itself',
    relation('expire: 2030-01-01').replace('executes_as: b', 'executes_as: [b, a]'),
    /the tenant itself/,
  ],
  [
    'a relation to nowhere',
    relation('expire: 2030-01-01').replace('executes_as: b', 'executes_as: []'),
    /a list of 0/,
  ],
  [
    'a wildcard for modules',
    relation('expire: 2030-01-01').replace('modules: notes', 'modules: "*"'),
    /without wildcards/,
  ],
  [
    'a system interface as module',
    relation('expire: 2030-01-01').replace('modules: notes', 'modules: _tenant'),
    /a module or interface/,
  ],
  ['an unknown key of a relation', relation('allow: all'), /unknown key "allow"/],
  ['an account that is neither', relation('requires_account: maybe'), /true or false/],
  ['a permission with a blank', relation('permissions: [a b]'), /a permission such as/],
  [
    'a rule for a tenant that is not in it',
    relation('when: [{ tenant: c }]'),
    /"c", expected a tenant of executes_as/,
  ],
  ['a rule without tenant', relation('when: [{ path: /x }]'), /no tenant/],
  ['a rule with an unknown key', relation('when: [{ host: x, tenant: b }]'), /unknown key "host"/],
  ['a rule with a method in small letters', relation('when: [{ method: post, tenant: b }]'), /in capitals/],
  ['a rule with a relative path', relation('when: [{ path: notes, tenant: b }]'), /a path that begins with/],
  [
    'a rule with a query in its path',
    relation('when: [{ path: "/a?b", tenant: b }]'),
    /a path that begins with/,
  ],
  ['a rule with many stars', relation(`when: [{ path: "/${'*a'.repeat(9)}", tenant: b }]`), /up to 8/],
  ['a rule with a list as a value', relation('when: [{ query: { a: [b] }, tenant: b }]'), /a list/],
  ['rules that are no list', relation('when: { tenant: b }'), /a list of rules/],
];

describe('a users map is refused as a whole', () => {
  it.each(REFUSED)('with %s', (_, content, message) => {
    const { tenants, relations, problems } = parseUsersMap(content);
    expect([...tenants, ...relations]).toEqual([]);
    expect(problems.map(problemText).join('\n')).toMatch(message);
  });

  it.each([
    ['brackets', '['],
    ['braces', '{'],
    ['list marks', '- '],
    ['key marks', '? '],
    ['value marks', ': '],
    ['quotes', '- "'],
    ['anchors', '- &a '],
    ['aliases', '- *a\n'],
    ['indents', `${' '.repeat(300)}a:\n`],
  ])('with megabytes of %s, without reading them all', (_, part) => {
    const text = part.repeat(Math.floor(MAX_MAP_BYTES / part.length));
    expect(parseUsersMap(text).problems.length).toBeGreaterThan(0);
  });

  it('with a billion laughs', () => {
    const lines = [
      '- &a0 [lol]',
      ...Array.from({ length: 30 }, (_, n) => `- &a${n + 1} [${`*a${n},`.repeat(9)}]`),
    ];
    expect(parseUsersMap(lines.join('\n')).problems[0]?.message).toContain('the anchor "&a0"');
  });
});
