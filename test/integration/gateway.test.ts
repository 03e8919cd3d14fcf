import { describe, expect, it } from 'vitest';
import type { AuditEntry } from '#gateway';
import { send } from '../support/gateway-world.ts';
import { answerWith, seen, start, world } from '../support/notes-gateway.ts';

describe('a request', () => {
  it('§4.8 reaches the module of its own tenant with consistent tenant, token and user', async () => {
    await start();
    const token = world.token('shop');
    const answer = await world.send({
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': token },
    });
    expect(answer.status).toBe(201);
    const [call] = seen;
    expect(call).toMatchObject({ tenant: 'shop', originTenant: 'shop', userId: 'user-1' });
    expect(call?.headers['x-okapi-tenant']).toBe('shop');
    const verified = world.tokens.verify(call?.headers['x-okapi-token'] ?? '');
    expect(verified).toMatchObject({
      kind: 'verified',
      claims: {
        kind: 'module',
        module: 'mod-notes-1.0.0',
        tenant: 'shop',
        originTenant: 'shop',
        userId: 'user-1',
      },
    });
    expect(call?.headers['x-okapi-token']).not.toBe(token);
  });

  it('§1.17 of the agency is executed for the shop when a rule says so, by a module that the agency need not have', async () => {
    await start();
    const answer = await world.send({
      path: '/notes?site=shop.example',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
    });
    expect(answer.status).toBe(201);
    expect(seen[0]).toMatchObject({ tenant: 'shop', originTenant: 'agency' });
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('gets an answer that no cache gives to another tenant or caller', async () => {
    await start();
    const headers = { 'X-Okapi-Tenant': 'shop' };
    const vary = 'X-Okapi-Tenant, X-Okapi-Token, Authorization, Cookie';
    for (const path of ['/notes/7', '/nowhere', '/notes'])
      expect((await world.send({ path, headers })).headers).toMatchObject({
        'cache-control': 'no-store',
        vary,
      });
    answerWith({ 'Cache-Control': 'private, max-age=60', Vary: 'Accept-Language' });
    const own = await world.send({ path: '/notes/7', headers });
    expect(own.headers).toMatchObject({
      'cache-control': 'private, max-age=60',
      vary: `${vary}, Accept-Language`,
    });
    const elsewhere = await world.send({
      path: '/notes?site=shop.example',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
    });
    expect(elsewhere.headers['cache-control']).toBe('no-store');
  });

  it('for another tenant stands in the audit before a module is called, and is not made when that fails', async () => {
    const audited: AuditEntry[] = [];
    let works = true;
    await start(async (entry) => {
      if (!works) throw new Error('the audit is down');
      await Promise.resolve();
      expect(seen).toHaveLength(0);
      audited.push(entry);
      return null;
    });
    const send = () =>
      world.send({
        path: '/notes?site=shop.example',
        headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
      });
    await send();
    expect(audited).toEqual([
      expect.objectContaining({
        userId: 'user-1',
        originTenant: 'agency',
        tenant: 'shop',
        relation: 'agency#1',
        module: 'mod-notes-1.0.0',
        entry: '/notes',
        isRead: true,
      }),
    ]);
    works = false;
    const refused = await send();
    expect(refused.status).toBe(503);
    expect(refused.text).toContain('the audit trail cannot be written');
    expect(refused.text).not.toContain('the audit is down');
    expect(refused.headers['retry-after']).toBe('5');
    expect(seen).toHaveLength(1);
    const own = await world.send({ path: '/notes', headers: { 'X-Okapi-Token': world.token('shop') } });
    expect(own.status).toBe(201);
  });

  it('§4.5 of a stranger is refused for the shop and no module is called', async () => {
    await start();
    const answer = await world.send({
      path: '/notes',
      headers: { 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': world.token('stranger') },
    });
    expect(answer.status).toBe(403);
    expect(seen).toEqual([]);
  });

  it('§4.4.2 without token is refused where a permission is required, and served where none is', async () => {
    await start();
    const headers = { 'X-Okapi-Tenant': 'shop' };
    expect((await world.send({ path: '/notes', headers })).status).toBe(401);
    expect((await world.send({ path: '/notes/7', headers })).status).toBe(201);
    expect(seen).toHaveLength(1);
  });

  it('leaves a trace of its hops under its id', async () => {
    await start();
    const answer = await world.send({
      path: '/notes?site=shop.example',
      headers: { 'X-Okapi-Tenant': 'agency', 'X-Okapi-Token': world.token('agency') },
    });
    const id = String(answer.headers['x-okapi-request-id']);
    const trace = await send(world.port, {
      path: `/_/requests/${encodeURIComponent(id)}`,
      headers: { authorization: 'Bearer operator-token-for-tests' },
    });
    expect(trace.json()).toMatchObject({
      requestId: id,
      hops: [
        { phase: 'auth', module: 'mod-auth-1.0.0', status: 202 },
        {
          phase: 'handler',
          module: 'mod-notes-1.0.0',
          status: 201,
          tenants: { origin: 'agency', requested: 'agency', execution: 'shop' },
          relation: 'agency#1',
        },
      ],
    });
  });
});
