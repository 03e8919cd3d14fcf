import { describe, expect, test } from 'vitest';
import type { Permission } from './expansion.ts';
import { notHeld } from './granting.ts';

const definitions = new Map<string, Permission>(
  [
    { permissionName: 'role.viewer', subPermissions: ['reports.get'] },
    { permissionName: 'role.operator', subPermissions: ['role.viewer', 'operations.all'] },
    { permissionName: 'operations.all', subPermissions: ['operations.replay'] },
    { permissionName: 'circle', subPermissions: ['circle', 'reports.get'] },
  ].map((permission) => [permission.permissionName, permission]),
);
const lacking = (names: readonly string[], ...held: readonly string[]): string | null =>
  notHeld(names, new Set(held), definitions);

describe('what somebody grants', () => {
  test('may be what he holds, by its own name', () => {
    expect(lacking(['reports.get'], 'reports.get')).toBeNull();
    expect(lacking([])).toBeNull();
  });

  test('may not be a set whose name he holds without all that it stands for', () => {
    expect(lacking(['role.viewer'], 'role.viewer')).toBe('reports.get');
    expect(lacking(['role.viewer'], 'role.viewer', 'reports.get')).toBeNull();
  });

  test('may not be a set of sets with something in it that he lacks', () => {
    expect(lacking(['role.operator'], 'role.operator', 'role.viewer', 'reports.get', 'operations.all')).toBe(
      'operations.replay',
    );
  });

  test('may not be a name that nobody has announced, unless he holds that very name', () => {
    expect(lacking(['kb.all'], 'reports.get')).toBe('kb.all');
    expect(lacking(['kb.all'], 'kb.all')).toBeNull();
  });

  test('ends where a set contains itself', () => {
    expect(lacking(['circle'], 'circle', 'reports.get')).toBeNull();
  });
});
