import { describe, expect, it } from 'vitest';
import { get, world } from '../../../support/gateway-edge-world.ts';

/** What the public door answers itself. */

describe('the own door', () => {
  const operator = { Authorization: 'Bearer operator-token-for-tests' };

  it('§2.7 opens version and health to everybody and nothing else', async () => {
    expect((await get({}, '/_/version')).text).toBe('0.1.0');
    expect(await get({}, '/_/proxy/health')).toMatchObject({ status: 200, text: '[ ]' });
    for (const path of [
      '/_/proxy/tenants',
      '/_/resolve?tenant=shop&path=/x',
      '/_/requests/x',
      '/_/nothing',
      '/_/',
    ])
      for (const headers of [
        {},
        { Authorization: 'Bearer wrong' },
        { Authorization: `Bearer ${world.token('shop')}` },
      ])
        expect(await get(headers, path)).toMatchObject({ status: 401, text: 'The operator token is needed' });
  });

  it('§6.9 explains for whom a request would be executed', async () => {
    const answer = await get(operator, '/_/resolve?tenant=shop&method=GET&path=/secret');
    expect(answer.json()).toMatchObject({
      outcome: 'executed',
      tenant: 'shop',
      rule: 'requested',
      permissionsRequired: ['secret.get'],
      steps: [
        { phase: 'auth', module: 'mod-auth-1.0.0' },
        { phase: 'handler', module: 'things-1.0.0', entry: '/secret', running: true },
      ],
    });
    expect(await get(operator, '/_/resolve?path=/x')).toMatchObject({
      status: 400,
      text: "Missing value for parameter 'tenant'",
    });
    expect((await get(operator, '/_/resolve?tenant=shop&path=/none')).json()).toMatchObject({
      outcome: 'refused',
      status: 404,
    });
  });

  it('§1.2 shows a trace to the operator and to the user whose request it was', async () => {
    const token = world.token('shop');
    const answer = await get({ 'X-Okapi-Token': token }, '/secret');
    const path = `/_/requests/${encodeURIComponent(String(answer.headers['x-okapi-request-id']))}`;
    expect((await get(operator, path)).status).toBe(200);
    expect((await get({ Authorization: `Bearer ${token}` }, path)).json()).toMatchObject({
      userId: 'user-1',
    });
    expect((await get({ 'X-Okapi-Token': world.token('shop', 'user-2') }, path)).status).toBe(401);
    expect((await get({ 'X-Okapi-Token': world.token('news') }, path)).status).toBe(401);
  });

  it('§1.2 keeps the reason of a refusal under the request id', async () => {
    const answer = await get({ 'X-Okapi-Tenant': 'shop', 'X-Okapi-Token': 'a.b.c' }, '/secret');
    const id = String(answer.headers['x-okapi-request-id']);
    const trace = await get(operator, `/_/requests/${encodeURIComponent(id)}`);
    expect(trace.text).toContain('GATEWAY_TOKEN_INVALID');
  });

  it('§1.2 forgets traces after their time', async () => {
    const answer = await get({ 'X-Okapi-Tenant': 'shop' });
    world.clock.advance(3_600_000);
    const path = `/_/requests/${encodeURIComponent(String(answer.headers['x-okapi-request-id']))}`;
    expect((await get(operator, path)).status).toBe(404);
  });
});
