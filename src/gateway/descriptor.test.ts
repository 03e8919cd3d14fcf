import { describe, expect, it } from 'vitest';
import { parseDescriptor } from './descriptor.ts';

const handler = { methods: ['GET'], pathPattern: '/a', permissionsRequired: [] };
const withHandler = (entry: object, interfaceExtra: object = {}) => ({
  id: 'm-1.0.0',
  provides: [{ id: 'a', version: '1.0', handlers: [entry], ...interfaceExtra }],
});

/** The shape of mod-authtoken's descriptor, with all that Okapi's modules put into theirs. */
const authtoken = {
  id: 'mod-authtoken-2.17.0-SNAPSHOT.211',
  name: 'authtoken',
  requires: [
    { id: 'permissions', version: '5.3' },
    { id: 'users', version: '15.0 16.0' },
  ],
  optional: [{ id: 'user-tenants', version: '1.0' }],
  provides: [
    {
      id: 'authtoken2',
      version: '1.1',
      handlers: [
        { methods: ['POST'], pathPattern: '/token/sign', permissionsRequired: ['auth.token.sign.post'] },
        { methods: ['POST'], pathPattern: '/token/refresh', permissionsRequired: [] },
      ],
    },
    {
      id: '_tenant',
      version: '2.0',
      interfaceType: 'system',
      handlers: [{ methods: ['POST'], pathPattern: '/_/tenant' }],
    },
    {
      id: '_timer',
      version: '1.0',
      interfaceType: 'system',
      handlers: [
        { methods: ['POST'], pathPattern: '/expire', unit: 'minute', delay: '30', modulePermissions: ['x'] },
      ],
    },
  ],
  filters: [{ methods: ['*'], pathPattern: '/*', phase: 'auth', type: 'headers' }],
  permissionSets: [
    {
      permissionName: 'auth.all',
      displayName: 'All',
      subPermissions: ['auth.x'],
      visible: false,
      replaces: ['old'],
    },
  ],
  launchDescriptor: {
    dockerImage: 'mod-authtoken:latest',
    dockerPull: false,
    env: [{ name: 'JAVA_OPTIONS', value: '-Xmx1g' }],
  },
  uiDescriptor: { npm: 'x' },
  env: [{ name: 'A', value: 'b' }],
  metadata: { zebra: 1, alpha: { deep: [1, 2] } },
  replaces: ['mod-auth-old'],
  tags: ['x'],
};

describe('a module descriptor', () => {
  it('of a FOLIO module is accepted and given back unchanged, order of keys included', () => {
    const text = JSON.stringify(authtoken);
    expect(JSON.stringify(parseDescriptor(JSON.parse(text)))).toBe(text);
  });

  it.each([
    [{}, 'id is missing for module'],
    [{ id: 'mod-x' }, 'Missing semantic version for: mod-x'],
    [{ id: 'mod-x-one' }, 'Missing semantic version for: mod-x-one'],
    [{ id: 'm-1.0.0', extra: 1 }, 'Unrecognized field "extra" in ModuleDescriptor'],
    [
      { id: 'm-1.0.0', requires: [{ id: 'a', version: '1.0', handlers: [handler] }] },
      "No handlers allowed in 'requires' section for module m-1.0.0",
    ],
    [{ id: 'm-1.0.0', provides: [{ version: '1.0' }] }, 'id is missing for module m-1.0.0'],
    [{ id: 'm-1.0.0', provides: [{ id: 'a' }] }, 'version is missing for module m-1.0.0'],
    [{ id: 'm-1.0.0', provides: [{ id: 'a', version: '1' }] }, "Bad version number '1'"],
    [withHandler(handler, { interfaceType: 'internal' }), "Bad interface type 'internal' for module m-1.0.0"],
    [
      {
        id: 'm-1.0.0',
        provides: [
          { id: 'a', version: '1.0' },
          { id: 'a', version: '2.0' },
        ],
      },
      'Interface a provided multiple times',
    ],
    [withHandler({ ...handler, methods: ['get'] }), 'get'],
    [
      withHandler({ methods: ['GET'], permissionsRequired: [] }),
      'Bad routing entry, needs a pathPattern or at least a path',
    ],
    [
      withHandler({ methods: ['GET'], pathPattern: '/a' }),
      "Module 'm-1.0.0' handler /a: Missing field permissionsRequired",
    ],
    [withHandler({ ...handler, phase: 'before' }), 'Invalid phase before'],
    [withHandler({ ...handler, type: 'magic' }), 'Invalid entry type: magic'],
    [withHandler({ ...handler, type: 'redirect' }), 'Redirect entry without redirectPath'],
    [withHandler({ ...handler, pathPattern: '/a[0-9]+' }), 'Invalid character [ for pathPattern'],
    [{ id: 'm-1.0.0', permissionSets: [{ displayName: 'x' }] }, 'Missing permissionName'],
    [[], 'ModuleDescriptor must be a JSON object'],
    [{ id: 'm-1.0.0', provides: 'x' }, 'provides must be a list'],
  ])('%j is refused', (descriptor, message) => {
    expect(() => parseDescriptor(descriptor)).toThrow(expect.objectContaining({ message, status: 400 }));
  });

  it('with too many routes is refused', () => {
    const handlers = Array.from({ length: 5_001 }, () => handler);
    expect(() =>
      parseDescriptor({ id: 'm-1.0.0', provides: [{ id: 'a', version: '1.0', handlers }] }),
    ).toThrow(/at most 5000/);
  });
});
