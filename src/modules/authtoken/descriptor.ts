import type { ModuleDescriptor } from '#gateway/contract';
import { entry } from '../records/index.ts';

/** mod-authtoken's filter and interfaces: every request passes it. */
export const authtokenDescriptor = {
  id: 'mod-authtoken-1.0.0',
  name: 'authtoken',
  requires: [
    { id: 'permissions', version: '5.3' },
    { id: 'users', version: '15.0 16.0' },
  ],
  provides: [
    {
      id: 'authtoken',
      version: '2.1',
      handlers: [
        entry('POST', '/token', 'auth.signtoken'),
        entry('POST', '/refreshtoken', 'auth.signrefreshtoken'),
        entry('POST', '/refresh'),
      ],
    },
    {
      id: 'authtoken2',
      version: '1.1',
      handlers: [
        entry('POST', '/token/sign', 'auth.token.sign.post'),
        entry('POST', '/token/refresh'),
        entry('POST', '/token/invalidate'),
        entry('POST', '/token/invalidate-all'),
      ],
    },
  ],
  filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
} satisfies ModuleDescriptor;
