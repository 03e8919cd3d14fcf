import { describe, expect, it } from 'vitest';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { RoutingEntry } from '../descriptor-entry.ts';
import { handlerConflicts } from './handler-conflicts.ts';

const module = (
  id: string,
  handler: RoutingEntry,
  interfaceType: 'proxy' | 'multiple' | 'system' = 'proxy',
): ModuleDescriptor => ({
  id,
  provides: [{ id, version: '1.0', interfaceType, handlers: [handler] }],
});
const login = module('login-1.0.0', { methods: ['POST'], pathPattern: '/authn/login' });
const conflicts = (...handlers: readonly RoutingEntry[]): readonly string[] =>
  handlerConflicts(handlers.map((handler, index) => module(`m${index}-1.0.0`, handler)));

describe('two modules of a tenant', () => {
  it.each([[['*']], [['POST']], [['GET', 'POST']], [['*', 'POST']]])(
    'are told to handle the same login when the second claims %j',
    (methods) => {
      const phish = module('phish-1.0.0', { methods, pathPattern: '/authn/login' });
      const problem = 'Modules login-1.0.0, phish-1.0.0 both handle POST /authn/login';
      expect(handlerConflicts([login, phish])).toEqual([problem]);
    },
  );

  it('both handle every method when both say so', () => {
    const all = { methods: ['*'], pathPattern: '/a/{id}' };
    expect(conflicts(all, { ...all, pathPattern: '/a/{name}' })).toEqual([
      'Modules m0-1.0.0, m1-1.0.0 both handle * /a/{name}',
    ]);
  });

  it('are told when a path fits two patterns with the same start', () => {
    const one = { methods: ['GET'], pathPattern: '/notes/{id}' };
    expect(conflicts(one, { methods: ['GET'], pathPattern: '/notes/*' })).toEqual([
      'Modules m0-1.0.0, m1-1.0.0 both handle GET /notes/* (m0-1.0.0: /notes/{id})',
    ]);
    expect(conflicts({ methods: ['GET'], path: '/notes' }, { methods: ['GET'], pathPattern: '/*' })).toEqual([
      'Modules m0-1.0.0, m1-1.0.0 both handle GET /* (m0-1.0.0: /notes)',
    ]);
  });

  it.each([
    ['another method', { methods: ['GET'], pathPattern: '/authn/login' }],
    [
      'a pattern with a shorter start, which is asked later',
      { methods: ['POST'], pathPattern: '/authn/{what}' },
    ],
    ['a longer path', { methods: ['POST'], pathPattern: '/authn/login/again' }],
  ])('are no conflict with %s', (_, handler) => {
    expect(handlerConflicts([login, module('other-1.0.0', handler)])).toEqual([]);
  });

  it('are no conflict with interfaces that are asked by module id, or by the gateway alone', () => {
    const same = { methods: ['POST'], pathPattern: '/authn/login' };
    const others = [module('many-1.0.0', same, 'multiple'), module('own-1.0.0', same, 'system')];
    expect(handlerConflicts([login, ...others])).toEqual([]);
  });
});
