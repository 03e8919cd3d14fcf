import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ModuleDescriptor } from '#gateway';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

type Handler = { readonly methods: readonly string[]; readonly pathPattern: string };
const post: Handler = { methods: ['POST'], pathPattern: '/_/tenant' };
const remove: Handler = { methods: ['DELETE'], pathPattern: '/_/tenant' };
const disableHandler: Handler = { methods: ['POST'], pathPattern: '/_/tenant/disable' };
const jobs: Handler = { methods: ['GET', 'DELETE'], pathPattern: '/_/tenant/{id}' };

/** A module with `_tenant` in a version. */
const having = (id: string, version: string, ...handlers: readonly Handler[]): ModuleDescriptor => ({
  id,
  provides: [{ id: '_tenant', version, interfaceType: 'system', handlers }],
});

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: other, expire: 2035-01-01 }\n');
  await world.bareTenant('diku');
});
afterAll(() => world?.remove());

const enable = (id: string, query = '', old = '') =>
  world.ask('POST', `/_/proxy/tenants/diku/modules${old}${query}`, { id });
const disable = (id: string, query = '') =>
  world.ask('DELETE', `/_/proxy/tenants/diku/modules/${id}${query}`);

describe('§2.5 _tenant', () => {
  test('1.0 is told of enabling and upgrading, not of disabling, and purges with DELETE', async () => {
    const module = await world.run(having('one-1.0.0', '1.0', post, remove));
    const next = await world.run(having('one-1.1.0', '1.0', post, remove));
    await enable('one-1.0.0');
    expect(module.told()).toEqual(['POST /_/tenant {"module_to":"one-1.0.0"}']);
    await enable('one-1.1.0', '', '/one-1.0.0');
    expect(next.told()).toEqual(['POST /_/tenant {"module_to":"one-1.1.0","module_from":"one-1.0.0"}']);
    expect((await disable('one-1.1.0')).status).toBe(204);
    expect([...module.told(), ...next.told()]).toEqual([]);
    await enable('one-1.1.0');
    next.told();
    await disable('one-1.1.0', '?purge=true');
    expect(next.told()).toEqual(['DELETE /_/tenant']);
  });

  test('1.1 is told of disabling as well, at its own path', async () => {
    const module = await world.run(having('two-1.0.0', '1.1', disableHandler, post, remove));
    await enable('two-1.0.0', '?tenantParameters=loadReference=true');
    await disable('two-1.0.0');
    expect(module.told()).toEqual([
      'POST /_/tenant {"module_to":"two-1.0.0"}',
      'POST /_/tenant/disable {"module_from":"two-1.0.0"}',
    ]);
  });

  test('1.2 gets parameters', async () => {
    const module = await world.run(having('three-1.0.0', '1.2', post, disableHandler));
    await enable('three-1.0.0', '?tenantParameters=loadReference=true,a=b=c,bare');
    await disable('three-1.0.0');
    expect(module.told()).toEqual([
      'POST /_/tenant {"module_to":"three-1.0.0","parameters":[{"key":"loadReference","value":"true"},{"key":"a","value":"b=c"},{"key":"bare"}]}',
      'POST /_/tenant/disable {"module_from":"three-1.0.0"}',
    ]);
  });

  test('2.0 is told everything at one path', async () => {
    const module = await world.run(having('four-1.0.0', '2.0', post));
    await enable('four-1.0.0', '?tenantParameters=x=y');
    await disable('four-1.0.0');
    await enable('four-1.0.0');
    await disable('four-1.0.0', '?purge=true');
    expect(module.told()).toEqual([
      'POST /_/tenant {"module_to":"four-1.0.0","purge":false,"parameters":[{"key":"x","value":"y"}]}',
      'POST /_/tenant {"module_from":"four-1.0.0","purge":false}',
      'POST /_/tenant {"module_to":"four-1.0.0","purge":false}',
      'POST /_/tenant {"module_from":"four-1.0.0","purge":true}',
    ]);
  });

  test('enabling with purge first removes what may be there, whatever that answers', async () => {
    const module = await world.run(having('clean-1.0.0', '2.0', post), ({ body }) =>
      body.includes('true') ? { status: 500, body: 'nothing there' } : undefined,
    );
    expect((await enable('clean-1.0.0', '?purge=true')).status).toBe(201);
    expect(module.told()).toEqual([
      'POST /_/tenant {"module_from":"clean-1.0.0","purge":true}',
      'POST /_/tenant {"module_to":"clean-1.0.0","purge":false}',
    ]);
  });

  test('is not called with invoke=false', async () => {
    const module = await world.run(having('quiet-1.0.0', '2.0', post));
    expect((await enable('quiet-1.0.0', '?invoke=false')).status).toBe(201);
    expect((await disable('quiet-1.0.0', '?invoke=false')).status).toBe(204);
    expect(module.told()).toEqual([]);
  });

  test('is called for the tenant, at the base address, with a token for it and never with the operator’s', async () => {
    const module = await world.run(having('heads-1.0.0', '2.0', post));
    await world.ask(
      'POST',
      '/_/proxy/tenants/diku/modules',
      { id: 'heads-1.0.0' },
      { 'x-okapi-tenant': 'other', 'x-okapi-user-id': 'somebody', 'x-okapi-permissions': '["all"]' },
    );
    const [call] = module.calls;
    expect(call?.headers).toMatchObject({
      'x-okapi-tenant': 'diku',
      'x-okapi-url-to': module.url,
      'x-okapi-url': world.url,
      'content-type': 'application/json; charset=UTF-8',
      accept: '*/*',
    });
    expect(call?.headers['x-okapi-request-id']).toMatch(/^\d{6}\/tenant$/);
    expect(JSON.stringify(call?.headers)).not.toContain('operator-token');
    expect(call?.headers['authorization']).toBeUndefined();
    expect(call?.headers['x-okapi-user-id']).toBeUndefined();
    expect(call?.headers['x-okapi-permissions']).toBeUndefined();
    const claims = JSON.parse(
      Buffer.from(String(call?.headers['x-okapi-token']).split('.')[1] ?? '', 'base64url').toString(),
    ) as Record<string, unknown>;
    expect(claims).toMatchObject({ tenant: 'diku' });
  });

  test('that fails leaves the module as it was, and says so', async () => {
    await world.run(having('fails-1.0.0', '2.0', post), () => ({ status: 418, body: 'teapot' }));
    expect(await enable('fails-1.0.0')).toMatchObject({
      status: 400,
      text: 'POST request for fails-1.0.0 /_/tenant failed with 418: teapot',
    });
    expect(await world.enabled('diku')).not.toContain('fails-1.0.0');
    await world.add(having('nowhere-1.0.0', '2.0', post));
    expect(await enable('nowhere-1.0.0')).toMatchObject({
      status: 400,
      text: 'No running instances for module nowhere-1.0.0. Can not invoke /_/tenant',
    });
    await world.add(having('dead-1.0.0', '2.0', post));
    await world.must('POST', '/_/discovery/modules', {
      srvcId: 'dead-1.0.0',
      instId: 'dead',
      url: 'http://127.0.0.1:9',
    });
    const dead = await enable('dead-1.0.0');
    expect(dead.status).toBe(400);
    expect(dead.text).toMatch(/^POST request for dead-1\.0\.0 \/_\/tenant failed with /);
    await world.add(having('odd-1.0.0', '1.9', post));
    expect((await enable('odd-1.0.0')).text).toBe('Unsupported interface _tenant: 1.9');
  });

  test('of a module without one, or without a handler for it, is not missed', async () => {
    await world.add({ id: 'plain-1.0.0' });
    expect((await enable('plain-1.0.0')).status).toBe(201);
    await world.add(having('hollow-1.0.0', '2.0'));
    expect((await enable('hollow-1.0.0')).status).toBe(201);
  });
});

describe('§2.5 _tenant 2.0 with jobs', () => {
  test('is asked until the job is complete, then the job is deleted', async () => {
    let looks = 0;
    const module = await world.run(having('job-1.0.0', '2.0', post, jobs), ({ method }) => {
      if (method === 'POST')
        return { status: 201, headers: { location: '/_/tenant/j%201' }, body: '{"id":"j 1"}' };
      if (method === 'DELETE') return undefined;
      looks += 1;
      return { status: 200, body: JSON.stringify({ id: 'j 1', complete: looks === 2 }) };
    });
    expect((await enable('job-1.0.0')).status).toBe(201);
    expect(module.told()).toEqual([
      'POST /_/tenant {"module_to":"job-1.0.0","purge":false}',
      'GET /_/tenant/j%201',
      'GET /_/tenant/j%201',
      'DELETE /_/tenant/j%201',
    ]);
  });

  test('201 without a Location is done at once', async () => {
    const module = await world.run(having('atonce-1.0.0', '2.0', post, jobs), () => ({ status: 201 }));
    expect((await enable('atonce-1.0.0')).status).toBe(201);
    expect(module.told()).toHaveLength(1);
  });

  test.each([
    [
      'a job that ends with an error',
      having('joberr-1.0.0', '2.0', post, jobs),
      { id: 'j', complete: true, error: 'disk full', messages: ['line 1', 'line 2'] },
      'Tenant operation failed for module joberr-1.0.0: disk full\nline 1\nline 2',
    ],
    [
      'an answer without an id',
      having('noid-1.0.0', '2.0', post, jobs),
      { complete: true },
      'Missing id property in JSON response for module noid-1.0.0: POST /_/tenant',
    ],
    [
      'a Location that nobody can look at',
      having('noget-1.0.0', '2.0', post),
      { id: 'j' },
      'Unexpected Location header in response for module noget-1.0.0: POST /_/tenant',
    ],
    [
      'a job that cannot be deleted',
      having('nodel-1.0.0', '2.0', post, { methods: ['GET'], pathPattern: '/_/tenant/{id}' }),
      { id: 'j' },
      'Missing DELETE method for tenant interface version 2 for module nodel-1.0.0',
    ],
  ])('%s is 400', async (_what, descriptor, body, text) => {
    await world.run(descriptor, ({ method }) => ({
      status: method === 'POST' ? 201 : 200,
      ...(method === 'POST' && { headers: { location: '/_/tenant/j' } }),
      body: JSON.stringify(body),
    }));
    const answer = await enable(descriptor.id);
    expect([answer.status, answer.text]).toEqual([400, text]);
    expect(await world.enabled('diku')).not.toContain(descriptor.id);
  });
});
