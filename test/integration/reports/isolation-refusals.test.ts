import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportsWorld } from '../../support/reports-world.ts';
import {
  expectNothingOf,
  insertMarked,
  MARKS,
  plainRequests,
  readable,
  startMarkedWorld,
} from './marked-world.ts';

let world: ReportsWorld;

beforeAll(async () => {
  world = await startMarkedWorld();
  for (const tenant of ['bear', 'crow', 'deer']) await insertMarked(world, tenant);
}, 170_000);
afterAll(() => world.stop());

describe('whoever may not', () => {
  const refused: readonly (readonly [who: string, home: string, tenant: string, user: string])[] = [
    ['the umbrella for a member without a relation', 'umbrella', 'crow', 'user-1'],
    ['a member for another', 'bear', 'crow', 'user-1'],
    ['a member for the umbrella', 'bear', 'umbrella', 'user-1'],
    ['somebody without permissions', 'crow', 'crow', 'nobody'],
  ];

  it.each(refused)('%s gets nothing', async (_, home, tenant, user) => {
    for (const path of plainRequests('1-1')) {
      const answer = await fetch(`${world.gateway.url}${path}`, {
        headers: { 'x-okapi-tenant': tenant, 'x-okapi-token': world.gateway.token(home, user) },
      });
      expect([400, 401, 403, 404], path).toContain(answer.status);
      const bytes = Buffer.from(await answer.arrayBuffer());
      const text = await readable(world, { bytes, headers: Object.fromEntries(answer.headers) });
      expectNothingOf(
        Object.values(MARKS).map(({ word }) => word),
        text,
        path,
      );
    }
  });

  it('is nobody gets nothing', async () => {
    for (const path of plainRequests('1-1')) {
      const answer = await fetch(`${world.gateway.url}${path}`, { headers: { 'x-okapi-tenant': 'crow' } });
      expect([401, 403], path).toContain(answer.status);
    }
  });
});
