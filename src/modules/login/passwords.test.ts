import { expect, test } from 'vitest';
import { createPasswords } from './passwords.ts';

test('a password matches its own hash and no other', async () => {
  const passwords = createPasswords();
  const hash = await passwords.hash('correct horse');
  expect(await passwords.matches('correct horse', hash)).toBe(true);
  expect(await passwords.matches('battery staple', hash)).toBe(false);
  expect(await passwords.matches('correct horse', undefined)).toBe(false);
});

test('when too many wait, the next is refused at once, and those who wait are asked whether they are still wanted', async () => {
  const passwords = createPasswords();
  const underWay = [passwords.matches('one', undefined), passwords.matches('two', undefined)];
  let asked = 0;
  const waiting = Array.from({ length: 64 }, () =>
    passwords.matches('three', undefined, () => {
      asked += 1;
      return false;
    }),
  );
  await expect(passwords.matches('four', undefined)).rejects.toMatchObject({
    code: 'LOGIN_BUSY',
    status: 429,
  });
  await Promise.all(underWay);
  expect(await Promise.all(waiting)).toEqual(waiting.map(() => false));
  expect(asked).toBe(64);
  expect(await passwords.matches('five', undefined)).toBe(false);
});
