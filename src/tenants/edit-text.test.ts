import { describe, expect, it } from 'vitest';
import { addUserText, type NewUser, removeUserText, renewUserText } from './edit-text.ts';
import { parseUsersMap } from './parse.ts';

const MAP = `--- # our organizations
# the first one
- user:
    prefix: fashion_bg   # Sofia
    brum_trace: BY83kR5MS5PM
    expire: 2027-12-25          # paid until then
    # hostnames follow
    hostnames:
      - fashion.bg

# the second one
- user: { prefix: sofia_news, expire: 2027-11-22 } # one line
- user: { prefix: balkan_agency }
- relation:
    tenant: balkan_agency
    executes_as: [fashion_bg]   # only this one
    modules: [notes]
# the end
`;

const prefixesOf = (text: string): string[] => {
  const map = parseUsersMap(text);
  expect(map.problems).toEqual([]);
  return map.tenants.map((tenant) => tenant.id);
};

/** Lines that are only in one of the two texts. */
const changedLines = (before: string, after: string): string[] => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
};

describe('adding a user', () => {
  const user: NewUser = {
    prefix: 'y',
    name: 'Ünï "quoted" # name',
    traces: ['0123'],
    expire: '2030-01-01',
    hostnames: ['a.bg', 'b.bg'],
    onlyHostnames: true,
    retentionDays: 30,
    beaconsPerSecond: 200,
  };

  it('puts it behind the last user and changes no other line', () => {
    const text = addUserText(MAP, { prefix: 'newcomer', traces: ['t'] });
    expect(changedLines(MAP, text)).toEqual(['+    prefix: newcomer', '+    brum_trace: "t"']);
    expect(prefixesOf(text)).toEqual(['fashion_bg', 'sofia_news', 'balkan_agency', 'newcomer']);
    expect(text.indexOf('newcomer')).toBeLessThan(text.indexOf('- relation'));
  });

  it('writes texts so that they are read back as they were', () => {
    expect(parseUsersMap(addUserText(MAP, user)).tenants.at(-1)).toEqual({
      id: 'y',
      name: 'Ünï "quoted" # name',
      traces: ['0123'],
      expiresAt: Date.parse('2030-01-02T00:00:00Z'),
      hostnames: ['a.bg', 'b.bg'],
      onlyHostnames: true,
      retentionDays: 30,
      beaconsPerSecond: 200,
    });
  });

  it.each([
    ['no text', null],
    ['an empty text', '\n'],
    ['a text without a line end', '- user: { prefix: a }'],
    ['an end mark', '- user: { prefix: a }\n...\n'],
    ['Windows line ends', MAP.replaceAll('\n', '\r\n')],
    ['an indented list', '  - user: { prefix: a }\n  - user:\n      prefix: b\n'],
    [
      'a name of several lines at its end',
      '- user:\n    prefix: a\n    name: |\n      A B\n'.replace('|\n      A B', '>-\n      A\n      B'),
    ],
  ])('works with %s', (_, text) => {
    const before = text === null || text.trim() === '' ? [] : prefixesOf(text);
    const after = addUserText(text, user);
    expect(prefixesOf(after)).toEqual([...before, 'y']);
    if (text?.includes('\r\n') === true) expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('is refused in a list that is written in brackets', () => {
    expect(() => addUserText('[user: { prefix: a }]', user)).toThrow(
      expect.objectContaining({ code: 'TENANTS_MAP_LAYOUT' }),
    );
  });
});

describe('renewing a user', () => {
  it.each([
    [
      'in lines',
      'fashion_bg',
      [
        '-    expire: 2027-12-25          # paid until then',
        '+    expire: 2030-01-01          # paid until then',
      ],
    ],
    [
      'in one line',
      'sofia_news',
      [
        '-- user: { prefix: sofia_news, expire: 2027-11-22 } # one line',
        '+- user: { prefix: sofia_news, expire: 2030-01-01 } # one line',
      ],
    ],
    [
      'without an expiry',
      'balkan_agency',
      ['-- user: { prefix: balkan_agency }', '+- user: { prefix: balkan_agency, expire: 2030-01-01 }'],
    ],
  ])('changes its line alone: %s', (_, prefix, lines) => {
    const text = renewUserText(MAP, prefix, '2030-01-01');
    expect(changedLines(MAP, text)).toEqual(lines);
    const renewed = parseUsersMap(text).tenants.find((tenant) => tenant.id === prefix);
    expect(renewed?.expiresAt).toBe(Date.parse('2030-01-02T00:00:00Z'));
  });

  it.each([
    ['in the middle', '- user:\n    prefix: a # x\n    name: A\n- user: { prefix: b }\n'],
    ['in the last line', '- user:\n    name: A\n    prefix: a'],
    ['with Windows line ends', '- user:\r\n    prefix: a\r\n    name: A\r\n'],
  ])('adds a line where there is no expiry: %s', (_, text) => {
    const { problems, tenants } = parseUsersMap(renewUserText(text, 'a', '2030-01-01'));
    expect(problems).toEqual([]);
    expect(tenants[0]?.expiresAt).toBe(Date.parse('2030-01-02T00:00:00Z'));
  });

  it('is refused for somebody unknown', () => {
    expect(() => renewUserText(MAP, 'nobody', '2030-01-01')).toThrow(
      expect.objectContaining({ code: 'TENANTS_UNKNOWN_TENANT' }),
    );
  });
});

describe('removing a user', () => {
  it('cuts out its lines and keeps the comments of the others', () => {
    const text = removeUserText(MAP, 'sofia_news');
    expect(changedLines(MAP, text)).toEqual([
      '-- user: { prefix: sofia_news, expire: 2027-11-22 } # one line',
    ]);
    expect(prefixesOf(text)).toEqual(['fashion_bg', 'balkan_agency']);
  });

  it('cuts out an entry of many lines', () => {
    const text = removeUserText(
      '- user:\n    prefix: a\n    hostnames:\n      - x.y # z\n# of b\n- user: { prefix: b }\n',
      'a',
    );
    expect(text).toBe('# of b\n- user: { prefix: b }\n');
  });

  it('cuts out the last entry of a text without a line end', () => {
    expect(removeUserText('- user: { prefix: a }\n- user: { prefix: b }', 'b')).toBe(
      '- user: { prefix: a }\n',
    );
  });

  it('finds the dash where a comment has dashes, too', () => {
    const text = '- # a - b\n  user:\n    prefix: a\n- # c - d\n  user:\n    prefix: b\n';
    expect(removeUserText(text, 'b')).toBe('- # a - b\n  user:\n    prefix: a\n');
  });
});
