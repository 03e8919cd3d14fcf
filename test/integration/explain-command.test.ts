import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runProgram } from '../../examples/process.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

const rumbrella = fileURLToPath(new URL('../../bin/rumbrella.js', import.meta.url));

let server: RunningRumbrella;
let elsewhere: string;

beforeAll(async () => {
  elsewhere = await mkdtemp(join(tmpdir(), 'rumbrella-elsewhere-'));
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-explain-'));
  await writeFile(
    join(folder, 'users-map.yaml'),
    `
- user: { prefix: agency, expire: 2099-01-01 }
- user: { prefix: shop, expire: 2099-01-01 }
- user: { prefix: news, expire: 2099-01-01 }
- relation:
    tenant: agency
    executes_as: [shop, news]
    modules: [notes]
    when:
      - { query: { site: shop.example }, tenant: shop }
      - { method: POST, path: /notes, body: { domain: press }, tenant: news }
    permissions: [notes.*]
    expire: 2098-12-31
`,
  );
  // Without a token in the environment the first start makes one in the data folder.
  server = await startRumbrella({ folder, env: { RUMBRELLA_DEMO: 'off', RUMBRELLA_OPERATOR_TOKEN: '' } });
});

afterAll(async () => {
  await server?.remove();
  await rm(elsewhere, { recursive: true, force: true });
});

const explain = (
  args: readonly string[],
  place: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<string> =>
  runProgram({
    command: process.execPath,
    args: [rumbrella, 'explain', ...args],
    cwd: place.cwd ?? server.folder,
    env: { RUMBRELLA_PORT: new URL(server.url).port, ...place.env },
  });

describe('rumbrella explain', () => {
  test('says the tenant, the rule and the ceiling, where the server runs, without being given address or token', async () => {
    const text = await explain(['--tenant', 'agency', '--path', '/notes?site=shop.example']);
    expect(text).toContain('executed for shop\n  rule      agency#1.when[0]');
    expect(text).toContain('the user may do there at most: notes.*');
  });

  test('says why the rules before were passed over', async () => {
    const args = [
      '--tenant',
      'agency',
      '--method',
      'POST',
      '--path',
      '/notes',
      '--body',
      '{"domain":"press"}',
    ];
    const text = await explain(args);
    expect(text).toContain('executed for news\n  rule      agency#1.when[1]');
    expect(text).toContain('1. agency#1.when[0]: the query has no site=shop.example');
  });

  test('says that the body is needed when it is', async () => {
    const text = await explain(['--tenant', 'agency', '--method', 'POST', '--path', '/notes']);
    expect(text).toContain('cannot be said: a rule looks at the body');
  });

  test('explains a refusal of another organization', async () => {
    const text = await explain(['--tenant', 'agency', '--origin', 'shop', '--path', '/notes']);
    expect(text).toContain('asked for agency by a user of shop');
    expect(text).toContain('refused with 403');
    expect(text).toContain('no relation of shop in force reaches agency');
  });

  test('applies no relation when nobody is signed in', async () => {
    const text = await explain(['--tenant', 'agency', '--anonymous', '--path', '/notes?site=shop.example']);
    expect(text).toContain('by nobody in particular');
    expect(text).toContain('executed for agency');
  });

  test('gives JSON to programs', async () => {
    const text = await explain(['--tenant', 'agency', '--path', '/notes?site=shop.example', '--json']);
    expect(JSON.parse(text)).toMatchObject({ outcome: 'executed', tenant: 'shop', relation: 'agency#1' });
  });

  test('from elsewhere says what is missing, and what is refused', async () => {
    const question = ['--tenant', 'agency', '--path', '/notes', '--url', server.url];
    await expect(explain(question, { cwd: elsewhere })).rejects.toThrow(
      'give it in RUMBRELLA_OPERATOR_TOKEN',
    );
    const env = { RUMBRELLA_OPERATOR_TOKEN: 'not-the-token' };
    await expect(explain(question, { cwd: elsewhere, env })).rejects.toThrow(
      "does not take this operator's token",
    );
  });

  test('says that nobody answers there', async () => {
    const question = ['--tenant', 'agency', '--path', '/notes', '--url', 'http://127.0.0.1:1'];
    await expect(explain(question)).rejects.toThrow('asking http://127.0.0.1:1');
  });
});
