import { afterAll, beforeAll, expect, test } from 'vitest';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n');
  await world.add({ id: 'mod-x-1.0.0' });
});
afterAll(() => world?.remove());

test('§2.7 the gateway is no instance of a module, by whatever name', async () => {
  const { port } = new URL(world.server.url);
  for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
    const instance = { srvcId: 'mod-x-1.0.0', instId: host, url: `http://${host}:${port}/_` };
    const answer = await world.ask('POST', '/_/discovery/modules', instance);
    expect([answer.status, answer.text]).toEqual([400, `${instance.url}: the gateway itself is there`]);
  }
  expect((await world.must('GET', '/_/discovery/modules')).json()).toEqual([]);
});
