import type { ModuleDescriptor } from '#gateway';

/**
 * A descriptor with everything that the one of FOLIO's mod-authtoken has: two interfaces, the system interface `_tenant` with jobs, requirements
 * with alternatives, sets of permissions that replace others, an auth filter, a launch descriptor with Docker's arguments; members in an order
 * that is nobody's standard.
 */
export const authtokenDescriptor: ModuleDescriptor = {
  id: 'mod-authtoken-2.17.0',
  name: 'authtoken',
  provides: [
    {
      id: 'authtoken',
      version: '2.1',
      handlers: [
        { methods: ['POST'], pathPattern: '/token', permissionsRequired: ['auth.token.post'] },
        { methods: ['POST'], pathPattern: '/refreshtoken', permissionsRequired: ['auth.refreshtoken.post'] },
      ],
    },
    {
      id: 'authtoken2',
      version: '1.1',
      handlers: [
        { methods: ['POST'], pathPattern: '/token/sign', permissionsRequired: ['auth.token.sign.post'] },
        { methods: ['POST'], pathPattern: '/token/invalidate', permissionsRequired: [] },
      ],
    },
    {
      id: '_tenant',
      version: '2.0',
      interfaceType: 'system',
      handlers: [
        { methods: ['POST'], pathPattern: '/_/tenant' },
        { methods: ['GET', 'DELETE'], pathPattern: '/_/tenant/{id}' },
      ],
    },
  ],
  requires: [
    { id: 'permissions', version: '5.3' },
    { id: 'users', version: '15.0 16.0' },
  ],
  permissionSets: [
    { permissionName: 'auth.token.post', displayName: 'sign a token', description: 'of the old kind' },
    {
      permissionName: 'auth.signtoken.all',
      displayName: 'sign tokens',
      subPermissions: ['auth.token.post', 'auth.token.sign.post'],
      replaces: ['auth.signtoken'],
    },
  ],
  filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
  launchDescriptor: {
    dockerImage: 'mod-authtoken:2.17.0',
    dockerPull: false,
    dockerArgs: {
      HostConfig: { Memory: 357913941, PortBindings: { '8081/tcp': [{ HostPort: '%p' }] } },
    },
    env: [
      { name: 'JAVA_OPTIONS', value: '-XX:MaxRAMPercentage=66.0 -Dcache.permissions=true' },
      { name: 'DB_PORT', value: '5432' },
    ],
  },
  uiDescriptor: { npm: 'none', args: { zebra: 1, apple: [true, null] } },
  metadata: { 'nested-key': { é: '☂', list: [1.5, -2, 'x'] } },
};
