import type { ModuleDescriptor } from '#gateway/contract';
import { entry, permissionSets } from '../records/index.ts';

/** An entry whose handler is told all that the caller holds: nobody takes over an account that holds more. */
const toldAll = <E extends object>(each: E) => ({ ...each, permissionsDesired: ['*'] });

/** mod-login's interface `login` 7.3. */
export const loginDescriptor = {
  id: 'mod-login-1.0.0',
  name: 'login',
  requires: [
    { id: 'users', version: '15.0 16.0' },
    { id: 'authtoken2', version: '1.0' },
  ],
  provides: [
    {
      id: 'login',
      version: '7.3',
      handlers: [
        entry('POST', '/authn/login'),
        entry('POST', '/authn/login-with-expiry'),
        entry('POST', '/authn/refresh'),
        entry('POST', '/authn/logout'),
        entry('POST', '/authn/logout-all'),
        entry('POST', '/authn/update'),
        toldAll(entry('POST', '/authn/credentials', 'login.item.post')),
        toldAll(entry('DELETE', '/authn/credentials', 'login.item.delete')),
      ],
    },
  ],
  permissionSets: permissionSets('login', ['login.item.post', 'login.item.delete']),
} satisfies ModuleDescriptor;
