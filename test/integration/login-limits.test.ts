import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { networkOf } from '../../src/modules/login/attempts.ts';
import { type AccountsWorld, startAccountsWorld } from '../support/accounts-world.ts';

const PASSWORD = 'correct horse battery';
let world: AccountsWorld;

beforeEach(async () => {
  world = await startAccountsWorld('');
  await world.addWithPassword('shop', 'ann', PASSWORD, 'role.viewer');
});
afterEach(() => world.stop());

const signIn = (username: string, password: string) =>
  world.ask({ path: '/authn/login', body: { username, password } });

describe('whoever guesses', () => {
  test('has fifty tries from one address, whatever the names, made-up ones too', async () => {
    const answers = await Promise.all(
      Array.from({ length: 54 }, (_, index) => signIn(`made-up-${index}`, 'guess')),
    );
    const statuses = answers.map(({ status }) => status);
    const tried = statuses.filter((status) => status === 422).length;
    // Two are checked at the same time.
    expect([50, 51]).toContain(tried);
    expect(statuses.filter((status) => status === 429)).toHaveLength(54 - tried);
    const late = await signIn('ann', PASSWORD);
    expect(late.status).toBe(429);
    expect(Number(late.headers['retry-after'])).toBeGreaterThan(0);
    world.clock.advance(15 * 60_000);
    expect((await signIn('ann', PASSWORD)).status).toBe(201);
  }, 180_000);

  test('has not more tries for a name by making them at the same time', async () => {
    const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('ann', 'guess')));
    const tried = answers.filter(({ status }) => status === 422).length;
    expect([5, 6]).toContain(tried);
  });
});

test.each([
  ['192.0.2.7', '192.0.2.8', false],
  ['::ffff:192.0.2.7', '192.0.2.7', true],
  ['2001:db8:1:2::7', '2001:db8:1:2:ffff::8', true],
  ['2001:db8:1:2::7', '2001:db8:1:3::7', false],
])('%s and %s count as one: %s', (one, other, isOne) => {
  const of = (address: string): string => networkOf({ 'x-okapi-request-ip': address });
  expect(of(one) === of(other)).toBe(isOne);
});
