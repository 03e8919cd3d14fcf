import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OkapiWorld, startOkapiWorld } from '../../../support/okapi-world.ts';

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n', {
    RUMBRELLA_LOG_LEVEL: 'debug',
  });
});
afterAll(() => world?.remove());

test('§1.3 no token, password or query of a client stands in the log, whatever becomes of the request', async () => {
  const canary = (place: string): string => `canary-in-${place}`;
  const ask = (
    path: string,
    { headers = {}, ...more }: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Response> =>
    fetch(`${world.url}${path}`, { ...more, headers: { 'x-okapi-tenant': 'diku', ...headers } });
  const statuses = [
    await ask(`/users?token=${canary('query')}`),
    await ask('/users', { headers: { 'x-okapi-token': `${canary('token')}.b.c` } }),
    await ask('/users', { headers: { authorization: `Bearer ${canary('bearer')}.b.c` } }),
    await ask('/users', { headers: { cookie: `folioAccessToken=${canary('cookie')}.b.c` } }),
    await ask(`/_/proxy/tenants?x=${canary('admin-query')}`, {
      headers: { authorization: `Bearer ${canary('operator')}` },
    }),
    await ask('/authn/login', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'nobody', password: canary('password') }),
    }),
    await ask(`/nowhere/at/all?secret=${canary('nowhere')}`),
    await ask(`/beacon/catcher?u=${canary('beacon')}`),
  ].map(({ status }) => status);
  expect(statuses).toEqual([400, 401, 401, 401, 401, 422, 404, 204]);
  await world.server.end();
  expect(world.server.log.length).toBeGreaterThan(5);
  expect(world.server.log.filter((line) => JSON.stringify(line).includes('canary'))).toEqual([]);
});
