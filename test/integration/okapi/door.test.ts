import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n');
});
afterAll(() => world?.remove());

describe('the admin API is closed', () => {
  const plain = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(`${world.url}${path}`, init);
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  test('§2.7 §1.15 except for version and health', async () => {
    const version = await plain('/_/version');
    expect([version.status, version.headers.get('content-type')]).toEqual([200, 'text/plain']);
    expect(version.text).toMatch(/^\d+\.\d+\.\d+/);
    const health = await plain('/_/proxy/health');
    expect([health.status, health.text]).toEqual([200, '[ ]']);
  });

  test('in one and the same way for what is there, what is not, and any token but the right one', async () => {
    const paths = [
      '/_/proxy/modules',
      '/_/proxy/modules/mod-notes-1.0.0',
      '/_/proxy/modules/none-1.0.0',
      '/_/proxy/tenants',
      '/_/proxy/tenants/diku',
      '/_/proxy/tenants/nobody',
      '/_/proxy/tenants/diku/modules',
      '/_/proxy/tenants/diku/timers',
      '/_/discovery/modules',
      '/_/discovery/health',
      '/_/deployment/modules',
      '/_/env',
      '/_/nothing',
      '/_/',
    ];
    const tokens: readonly (Record<string, string> | undefined)[] = [
      undefined,
      { authorization: 'Bearer ' },
      { authorization: 'Bearer wrong' },
      { authorization: 'operator-token-of-the-tests' },
      { 'x-okapi-token': 'operator-token-of-the-tests' },
      { cookie: 'folioAccessToken=operator-token-of-the-tests' },
    ];
    const answers = new Set<string>();
    for (const path of paths) {
      for (const headers of tokens) {
        const { status, text } = await plain(path, headers && { headers });
        answers.add(`${status} ${text}`);
      }
      const { status, text } = await plain(path, { method: 'POST', body: '{}' });
      answers.add(`${status} ${text}`);
    }
    expect([...answers]).toEqual(['401 The operator token is needed']);
  });

  test('§2.9 to people with Okapi’s names for its permissions: the operator’s token alone opens it', async () => {
    const [olga] = await addPeople(world, {
      tenant: 'diku',
      username: 'olga',
      permissions: ['okapi.all', 'okapi.proxy.tenants.list', 'okapi.proxy.tenants.post', 'okapi.env.list'],
    });
    for (const path of ['/_/proxy/tenants', '/_/env', '/_/discovery/modules'])
      for (const headers of [
        { 'x-okapi-token': olga.token, 'x-okapi-tenant': 'diku' },
        { authorization: `Bearer ${olga.token}` },
        { authorization: `Bearer ${olga.token}`, 'x-okapi-permissions': '["okapi.all"]' },
      ])
        expect((await plain(path, { headers })).status).toBe(401);
  });

  test('also through /_/invoke and with a tenant in the header', async () => {
    expect((await plain('/_/invoke/tenant/diku/_/proxy/tenants')).status).toBe(404);
    const answer = await plain('/_/proxy/tenants/diku/modules', { headers: { 'x-okapi-tenant': 'diku' } });
    expect(answer.status).toBe(401);
  });
});

describe('§2 general rules', () => {
  test('a trailing slash is 404', async () => {
    for (const path of ['/_/proxy/modules/', '/_/proxy/tenants/', '/_/proxy/tenants/diku/', '/_/env/']) {
      const answer = await world.ask('GET', path);
      expect([path, answer.status, answer.text]).toEqual([
        path,
        404,
        'No suitable module found for path and tenant',
      ]);
    }
  });

  test('a path or method that nobody knows is 404 in plain text', async () => {
    const answer = await world.ask('PATCH', '/_/proxy/modules', {});
    expect([answer.status, answer.headers.get('content-type')]).toEqual([404, 'text/plain']);
    expect((await world.ask('GET', '/_/discovery/nothing')).status).toBe(404);
  });

  test('a body that is no JSON is 400 with the reason, whatever its type is called', async () => {
    for (const [path, method] of [
      ['/_/proxy/modules', 'POST'],
      ['/_/proxy/tenants', 'POST'],
      ['/_/proxy/tenants/diku/modules', 'POST'],
      ['/_/proxy/tenants/diku/install', 'POST'],
      ['/_/discovery/modules', 'POST'],
      ['/_/env', 'POST'],
    ] as const) {
      const answer = await world.ask(method, path, '{"id" "x"}', { 'content-type': 'text/plain' });
      expect([path, answer.status]).toEqual([path, 400]);
      expect(answer.text).toMatch(/^Failed to decode: /);
      expect((await world.ask(method, path, '')).status).toBe(400);
    }
  });

  test('a member that nobody knows is 400 and named', async () => {
    for (const path of [
      '/_/proxy/tenants',
      '/_/proxy/tenants/diku/modules',
      '/_/discovery/modules',
      '/_/deployment/modules',
      '/_/env',
    ]) {
      const answer = await world.ask('POST', path, { id: 'x', srvcId: 'x', name: 'x', value: 'x', odd: 1 });
      expect([path, answer.status]).toEqual([path, 400]);
      expect(answer.text).toContain('Unrecognized field "odd"');
    }
  });

  test('answers are not to be kept by anybody, and not to be sniffed', async () => {
    const { headers } = await world.must('GET', '/_/proxy/tenants');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('ids in paths are decoded, and an encoding that is none is 404', async () => {
    expect((await world.ask('GET', '/_/proxy/tenants/d%69ku')).status).toBe(200);
    expect((await world.ask('GET', '/_/proxy/tenants/%zz')).status).toBe(404);
    expect((await world.ask('GET', `/_/proxy/tenants/${'x'.repeat(5_000)}`)).text.length).toBeLessThan(400);
  });
});

describe('§2.7 environment', () => {
  test('is listed, added, replaced and removed', async () => {
    expect((await world.must('GET', '/_/env')).text).toBe('[ ]');
    const entry = { name: 'DB HOST', value: 'db', description: 'where' };
    const added = await world.ask('POST', '/_/env', entry);
    expect([added.status, added.headers.get('location'), added.json()]).toEqual([
      201,
      '/_/env/DB%20HOST',
      entry,
    ]);
    await world.must('POST', '/_/env', { name: 'DB HOST', value: 'db2' });
    expect((await world.must('GET', '/_/env/DB%20HOST')).json()).toEqual({ name: 'DB HOST', value: 'db2' });
    expect((await world.must('GET', '/_/env')).json()).toEqual([{ name: 'DB HOST', value: 'db2' }]);
    expect((await world.ask('DELETE', '/_/env/DB%20HOST')).status).toBe(204);
    expect(await world.ask('DELETE', '/_/env/DB%20HOST')).toMatchObject({ status: 404, text: 'DB HOST' });
    expect((await world.ask('GET', '/_/env/none')).status).toBe(404);
  });

  test('needs a name and a value', async () => {
    expect((await world.ask('POST', '/_/env', { value: 'x' })).text).toBe('missing name');
    expect((await world.ask('POST', '/_/env', { name: 'x' })).text).toBe('missing value');
  });
});

describe('§2.7 deployment, without allow_exec', () => {
  test('is forbidden, and says what allows it', async () => {
    const launchDescriptor = { exec: 'touch /tmp/never-%p' };
    await world.add({ id: 'runs-1.0.0', launchDescriptor });
    for (const [path, body] of [
      ['/_/deployment/modules', { srvcId: 'runs-1.0.0', descriptor: launchDescriptor }],
      ['/_/deployment/modules', { srvcId: 'runs-1.0.0' }],
      ['/_/discovery/modules', { srvcId: 'runs-1.0.0', nodeId: 'localhost' }],
      ['/_/proxy/tenants/diku/install?deploy=true', [{ id: 'runs-1.0.0' }]],
    ] as const) {
      const answer = await world.ask('POST', path, body);
      expect([path, answer.status]).toEqual([path, 403]);
      expect(answer.text).toContain('gateway.allow_exec');
    }
    expect(await world.enabled('diku')).not.toContain('runs-1.0.0');
    expect((await world.must('GET', '/_/deployment/modules')).text).toBe('[ ]');
  });

  test('§2.7 the nodes are one', async () => {
    expect((await world.must('GET', '/_/discovery/nodes')).json()).toEqual([
      { nodeId: 'localhost', url: 'http://localhost' },
    ]);
    expect((await world.must('GET', '/_/discovery/nodes/localhost')).status).toBe(200);
    expect((await world.ask('GET', '/_/discovery/nodes/other')).status).toBe(404);
  });
});
