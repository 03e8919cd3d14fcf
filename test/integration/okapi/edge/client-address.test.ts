import { afterEach, describe, expect, test } from 'vitest';
import { type Seen, spyModule, startWorld, type World } from '../../../support/gateway-world.ts';

const notes = {
  id: 'mod-notes-1.0.0',
  provides: [
    {
      id: 'notes',
      version: '1.0',
      handlers: [{ methods: ['GET'], pathPattern: '/notes', permissionsRequired: [] }],
    },
  ],
};

let world: World;
const seen: Seen[] = [];
afterEach(async () => {
  seen.length = 0;
  await world.stop();
});

const start = async (trustedProxies: readonly string[], discoveryAllow = ['127.0.0.0/8']): Promise<void> => {
  world = await startWorld('- user: { prefix: shop, expire: 2028-01-01 }', [spyModule(notes, seen)], {
    trustedProxies,
    discoveryAllow,
  });
  world.store.enable('shop', 'mod-notes-1.0.0');
};
const addressOf = async (headers: Readonly<Record<string, string>>): Promise<string | undefined> => {
  seen.length = 0;
  const answer = await world.send({ path: '/notes', headers: { 'x-okapi-tenant': 'shop', ...headers } });
  expect(answer.status).toBe(200);
  return seen[0]?.headers['x-okapi-request-ip'];
};

describe('the address of a client', () => {
  test('§1.4 is what a trusted proxy says, the last hop that is none itself', async () => {
    await start(['127.0.0.1', '10.0.0.0/8']);
    expect(await addressOf({ 'x-forwarded-for': '192.0.2.7' })).toBe('192.0.2.7');
    expect(await addressOf({ 'x-forwarded-for': '127.0.0.1, 192.0.2.7, 10.1.1.1' })).toBe('192.0.2.7');
    expect(await addressOf({ 'x-forwarded-for': '[2001:db8::5]:443' })).toBe('2001:db8::5');
    expect(await addressOf({})).toMatch(/127\.0\.0\.1$/);
    expect(await addressOf({ 'x-forwarded-for': 'unknown' })).toBe('');
  });

  test('§1.4 is that of the connection for everybody else, whatever they say', async () => {
    await start(['10.0.0.0/8']);
    expect(await addressOf({ 'x-forwarded-for': '192.0.2.7' })).toMatch(/127\.0\.0\.1$/);
  });
});

describe('a call back with the token of a module', () => {
  const callBack = async (forwardedFor: string | null): Promise<number> => {
    const token = world.tokens.mintModule({
      module: 'mod-notes-1.0.0',
      tenant: 'shop',
      originTenant: 'shop',
      userId: null,
      subject: 'mod-notes-1.0.0',
      actors: [],
      relation: null,
      hop: 0,
      transaction: '1/notes',
      entry: 0,
      expiresAt: Infinity,
    });
    const headers = {
      'x-okapi-token': token,
      ...(forwardedFor === null ? {} : { 'x-forwarded-for': forwardedFor }),
    };
    return (await world.send({ path: '/notes', headers })).status;
  };

  test('§4.9 is accepted from where modules may run, and through a trusted proxy only from there', async () => {
    await start(['127.0.0.1'], ['127.0.0.0/8', '10.0.0.0/8']);
    expect(await callBack(null)).toBe(200);
    expect(await callBack('10.1.1.1')).toBe(200);
    for (const elsewhere of ['192.0.2.7', '127.0.0.1, 192.0.2.7', 'unknown'])
      expect([elsewhere, await callBack(elsewhere)]).toEqual([elsewhere, 401]);
  });

  test('§4.9 is refused through a proxy that is not known, although the proxy stands where modules may run', async () => {
    await start([]);
    expect(await callBack(null)).toBe(200);
    expect(await callBack('127.0.0.1')).toBe(401);
  });
});
