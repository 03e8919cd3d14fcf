import { expect, test } from 'vitest';
import { createAddressGuard } from './address-guard.ts';

test('an IPv4 address in IPv6 clothes is allowed where the IPv4 address is, and nowhere else', () => {
  const guard = createAddressGuard(['10.0.0.0/8', '::/0']);
  for (const own of ['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203', 'fd00::1'])
    expect([own, guard.allows(own)]).toEqual([own, true]);
  for (const other of ['169.254.169.254', '::ffff:169.254.169.254', '::ffff:a9fe:a9fe', '::ffff:127.0.0.1'])
    expect([other, guard.allows(other)]).toEqual([other, false]);
  expect(guard.urlProblem('http://[::ffff:169.254.169.254]/')).toContain('modules may not run at');
});
