import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseUsersMap } from '#tenants';
import { addTenantsCommands } from './tenants.ts';

const NOW = Date.parse('2027-06-01T12:00:00Z');

let folder: string;
let path: string;
let failed: boolean;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rumbrella-commands-'));
  path = join(folder, 'users-map.yaml');
  failed = false;
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs `rumbrella tenants …` and gives what it prints. */
const run = async (...args: readonly string[]): Promise<string> => {
  let printed = '';
  const program = new Command('rumbrella');
  addTenantsCommands(program, {
    usersMapPath: () => path,
    out: (text) => {
      printed += text;
    },
    now: () => NOW,
    fail: () => {
      failed = true;
    },
  });
  for (const command of [program, ...program.commands.flatMap((each) => [each, ...each.commands])])
    command.exitOverride().configureOutput({ writeErr: () => undefined });
  await program.parseAsync(['tenants', ...args], { from: 'user' });
  return printed;
};

const tenantsNow = async () => parseUsersMap(await readFile(path, 'utf8')).tenants;

describe('tenants add', () => {
  it('makes the file, a random trace and the line for the pages', async () => {
    const printed = await run('add', 'fashion_bg', '--name', 'Fashion BG', '--expire', '2027-12-25');
    const [tenant] = await tenantsNow();
    const trace = tenant?.traces[0] ?? '';
    expect(trace).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(printed).toContain(`BOOMR.addVar("brum_trace", "${trace}")`);
    expect(tenant).toMatchObject({ name: 'Fashion BG', expiresAt: Date.parse('2027-12-26T00:00:00Z') });
  });

  it('takes traces, sites and days as they are given', async () => {
    await run(
      'add',
      'news',
      '--trace',
      'a',
      '--trace',
      '0123',
      '--hostname',
      'a.bg',
      '--hostname',
      'b.bg',
      '--only-hostnames',
      '--retention-days',
      '30',
      '--beacons-per-second',
      '200',
    );
    expect((await tenantsNow())[0]).toMatchObject({
      traces: ['a', '0123'],
      hostnames: ['a.bg', 'b.bg'],
      onlyHostnames: true,
      retentionDays: 30,
      beaconsPerSecond: 200,
    });
  });

  it('adds an umbrella without a trace', async () => {
    await run('add', 'agency', '--no-trace');
    expect((await tenantsNow())[0]?.traces).toEqual([]);
  });

  it.each([
    ['a bad prefix', ['add', 'Fashion']],
    ['a reserved prefix', ['add', 'unknown']],
    ['a bad expiry', ['add', 'news', '--expire', 'soon']],
    ['a bad number of days', ['add', 'news', '--retention-days', '0']],
    ['a bad number of beacons', ['add', 'news', '--beacons-per-second', '2000000']],
    ['an unknown option', ['add', 'news', '--colour', 'red']],
  ])('refuses %s and makes no file', async (_, args) => {
    await expect(run(...args)).rejects.toThrow();
    await expect(readFile(path)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses somebody who is there already', async () => {
    await run('add', 'news');
    await expect(run('add', 'news')).rejects.toMatchObject({ code: 'TENANTS_MAP_INVALID' });
  });
});

describe('tenants renew', () => {
  it.each([
    ['to a day', '2027-12-25', ['--expire', '2029-01-31'], '2029-02-01T00:00:00Z'],
    ['by days from its end', '2027-12-25', ['--days', '10'], '2028-01-05T00:00:00Z'],
    ['by days from today when its end is past', '2020-01-01', ['--days', '10'], '2027-06-12T00:00:00Z'],
  ])('moves the end %s', async (_, expire, args, end) => {
    await writeFile(path, `- user: { prefix: news, expire: ${expire} }\n`);
    await run('renew', 'news', ...args);
    expect((await tenantsNow())[0]?.expiresAt).toBe(Date.parse(end));
  });

  it('wants to know until when', async () => {
    await writeFile(path, '- user: { prefix: news }\n');
    await expect(run('renew', 'news')).rejects.toMatchObject({ code: 'TENANTS_USAGE' });
  });

  it('refuses somebody unknown', async () => {
    await writeFile(path, '- user: { prefix: news }\n');
    await expect(run('renew', 'shop', '--days', '1')).rejects.toMatchObject({
      code: 'TENANTS_UNKNOWN_TENANT',
    });
  });
});

describe('tenants remove', () => {
  it('does nothing without --yes', async () => {
    await writeFile(path, '- user: { prefix: news }\n- user: { prefix: shop }\n');
    await expect(run('remove', 'news')).rejects.toMatchObject({ code: 'TENANTS_USAGE' });
    expect(await tenantsNow()).toHaveLength(2);
  });

  it('takes the entry out and says that nothing is deleted', async () => {
    await writeFile(path, '- user: { prefix: news } # n\n# the shop\n- user: { prefix: shop }\n');
    expect(await run('remove', 'news', '--yes')).toContain('its tables and its archive stay as they are');
    expect(await readFile(path, 'utf8')).toBe('# the shop\n- user: { prefix: shop }\n');
  });

  it('refuses to leave a relation to nobody', async () => {
    await writeFile(
      path,
      '- user: { prefix: a }\n- user: { prefix: b }\n- relation: { tenant: a, executes_as: b, modules: notes }\n',
    );
    await expect(run('remove', 'b', '--yes')).rejects.toMatchObject({ code: 'TENANTS_MAP_INVALID' });
  });
});

describe('tenants list', () => {
  const MAP = `- user: { prefix: shop, name: The Shop, brum_trace: t-1, expire: 2027-06-20 }
- user: { prefix: news, expire: 2027-05-31 }
- user: { prefix: agency }
`;

  it('shows who is active, ends soon or is expired', async () => {
    await writeFile(path, MAP);
    const lines = (await run('list')).split('\n');
    expect(lines.find((line) => line.includes('shop'))).toMatch(
      /The Shop.*t-1.*2027-06-20.*active, 19 days left/,
    );
    expect(lines.find((line) => line.includes('news'))).toMatch(/2027-05-31.*expired since 2027-06-01/);
    expect(lines.find((line) => line.includes('agency'))).toMatch(/never.*active/);
    expect(lines.join('\n')).toContain('3 organizations');
  });

  it('gives JSON to scripts', async () => {
    await writeFile(path, MAP);
    const rows: unknown = JSON.parse(await run('list', '--json'));
    expect(rows).toMatchObject([
      { prefix: 'shop', traces: ['t-1'], expire: '2027-06-20' },
      { prefix: 'news' },
      { expire: null },
    ]);
  });

  it('says what to do when there is no map', async () => {
    await expect(run('list')).rejects.toMatchObject({
      code: 'TENANTS_MAP_MISSING',
      hint: expect.stringContaining('add'),
    });
  });
});

describe('tenants check', () => {
  it('is content with a good map', async () => {
    await writeFile(path, '- user: { prefix: news }\n');
    expect(await run('check')).toBe(`${path}: ok, 1 organization\n`);
    expect(failed).toBe(false);
  });

  it('warns of relations without an end or without a ceiling, and takes them', async () => {
    const users = '- user: { prefix: news }\n- user: { prefix: shop }\n- relation: { tenant: shop, ';
    await writeFile(path, `${users}executes_as: [news], modules: [notes] }\n`);
    const printed = await run('check');
    expect(printed).toContain(
      `${path}: warning: line 3, relation[0]: found no expire, so that it holds for ever`,
    );
    expect(printed).toContain(
      `${path}: warning: line 3, relation[0]: found no permissions, so that it lends all`,
    );
    expect(printed).toContain(`${path}: ok, `);
    expect(failed).toBe(false);
    const closed = "executes_as: [news], modules: [notes], permissions: ['*'], expire: 2099-01-01 }";
    await writeFile(path, `${users}${closed}\n`);
    expect(await run('check')).not.toContain('warning');
  });

  it('tells every problem of any file with its line, and fails', async () => {
    const file = join(folder, 'new.yaml');
    await writeFile(file, '- user: { prefix: News }\n- user: { prefix: shop, expire: soon }\n');
    const printed = await run('check', file);
    expect(printed).toContain(`${file}: line 1, user[0].prefix: found "News"`);
    expect(printed).toContain(`${file}: line 2, user[1].expire: found "soon"`);
    expect(printed).toContain(`${file}: 2 problems`);
    expect(failed).toBe(true);
  });
});
