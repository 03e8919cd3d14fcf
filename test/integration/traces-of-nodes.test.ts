import { afterEach, expect, test } from 'vitest';
import { operatorToken, startWorld, type World } from '../support/gateway-world.ts';

let world: World;
afterEach(() => world.stop());

test.each([
  [null, 'No trace of this request is kept'],
  [
    'node-two',
    'No trace of this request is kept by node-two. Each node keeps those of the requests that it has answered: ask the others',
  ],
])('a trace that is not here: on the node %j the answer is %j', async (node, text) => {
  world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', [], { node });
  const headers = { authorization: `Bearer ${operatorToken}` };
  expect(await world.send({ path: '/_/requests/1', headers })).toMatchObject({ status: 404, text });
});
