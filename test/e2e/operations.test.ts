import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { demoShop } from '#demo';
import type {
  HealthAnswer,
  OwnHealthAnswer,
  QuarantineAnswer,
  RequestsAnswer,
  RequestTraceAnswer,
  RoutesAnswer,
} from '#modules';
import { administrator, call, get, operator, send, viewer } from '../support/operations-world.ts';
import { poll } from '../support/poll.ts';

describe('health', () => {
  test('conserves the beacons of every destination', async () => {
    for (const trace of [demoShop.trace, demoShop.trace, randomUUID()]) await send(trace, 'health');
    const health = await poll(
      'the loader has loaded everything',
      async () => {
        const found = await get<HealthAnswer>('/operations/health');
        const shop = found.funnel.find(({ destination }) => destination === 'demo_shop');
        // The folders of the archive are looked at once in a while.
        const isSeen = found.archive.folders.some(({ folder }) => folder === 'unknown');
        return (shop?.stored ?? 0) >= 2 && found.loader.pendingBytes === 0 && isSeen && found;
      },
      90_000,
    );
    const sum = (counts: readonly { readonly count: number }[]): number =>
      counts.reduce((total, { count }) => total + count, 0);
    for (const line of health.funnel)
      expect(
        line.stored + line.archivedOnly + sum(line.notAccepted) + sum(line.quarantined) + line.pending,
      ).toBe(line.journaled);
    expect(health.warehouse).toMatchObject({ kind: 'embedded', up: true, restarts: 0 });
    expect(health.loader.state).toBe('running');
    expect(health.migrations.find(({ tenant }) => tenant === 'demo_shop')?.state).toBe('ready');
    expect(health.journal).toMatchObject({ available: true });
    expect(health.archive.folders.map(({ folder }) => folder)).toContain('unknown');
    expect(await get<QuarantineAnswer>('/operations/quarantine')).toEqual({ files: [], beacons: [] });
  });

  test('counts beacons that came after the end of an organization for it, and tells its administrator of no other', async () => {
    const trace = randomUUID();
    await call(operator, 'POST', '/operations/organizations', {
      id: 'over_shop',
      name: 'Over',
      traces: [trace],
    });
    const ended = await call(operator, 'PATCH', '/operations/organizations/over_shop', { expire: 'now' });
    expect(ended.status).toBe(200);
    for (const marker of ['x', 'y']) await send(trace, marker);
    const lineOf = async () =>
      (await get<HealthAnswer>('/operations/health')).expired.find(({ tenant }) => tenant === 'over_shop');
    expect(await lineOf()).toEqual({
      tenant: 'over_shop',
      name: 'Over',
      state: 'expired',
      expiresAt: expect.any(String) as string,
      beacons: 2,
    });
    await call(operator, 'PATCH', '/operations/organizations/over_shop', { expire: '2040-12-31' });
    expect(await lineOf()).toMatchObject({ state: 'active', beacons: 2 });
    await send(trace, 'z');
    expect((await lineOf())?.beacons).toBe(2);
    const own = await get<OwnHealthAnswer>('/organizations/health', administrator);
    expect(own.cameAfterEnd).toBe(0);
  });

  test('of the own organization is told to its administrator, and nothing of others', async () => {
    const own = await get<OwnHealthAnswer>('/organizations/health', administrator);
    expect(own).toMatchObject({ tenant: 'demo_shop', isStoreUp: true, waitingSince: null });
    expect(own.beacons.stored).toBeGreaterThanOrEqual(2);
    expect(own.beacons.received).toBe(own.beacons.journaled);
    expect(Date.parse(own.lastBeaconAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
    const all = await get<HealthAnswer>('/operations/health');
    const others = all.funnel.map(({ destination }) => destination).filter((id) => id !== 'demo_shop');
    expect(others).toContain('unknown');
    for (const id of others) expect(JSON.stringify(own)).not.toContain(id);
    // Whatever tenant the request names, it is about the own one.
    const asked = await call(operator, 'GET', '/organizations/health', undefined, 'demo_shop');
    expect(JSON.stringify(asked.body)).not.toContain('"demo_shop"');
  });

  test('applies the migrations of a tenant again when asked', async () => {
    const answer = await call(operator, 'POST', '/operations/migrations/demo_shop');
    expect(answer.body).toEqual({ tenant: 'demo_shop', state: 'ready', error: '' });
  });
});

describe('requests', () => {
  test('are listed with their hops, and explained without being made', async () => {
    await call(viewer, 'GET', '/organizations');
    const { requests } = await get<RequestsAnswer>('/operations/requests?path=/organizations&limit=5');
    const [request] = requests;
    expect(request).toMatchObject({ method: 'GET', path: '/organizations', status: 200 });
    const trace = await get<RequestTraceAnswer>(
      `/operations/requests/${encodeURIComponent(request?.id ?? '')}`,
    );
    expect(trace.hops.map(({ phase }) => phase)).toEqual(['auth', 'handler']);

    const explained = await get<{ outcome: string; tenant: string }>(
      '/operations/explain?tenant=demo_agency&method=GET&path=/reports/summary',
    );
    expect(explained).toMatchObject({
      outcome: expect.any(String) as string,
      why: expect.any(Array) as string[],
    });
    const { routes } = await get<RoutesAnswer>('/operations/routes?tenant=demo_shop');
    expect(routes).toContainEqual(
      expect.objectContaining({
        path: '/operations/health',
        phase: 'handler',
        permissionsRequired: ['operations.health.get'],
      }),
    );
    expect(routes.some(({ phase }) => phase === 'auth')).toBe(true);
  });
});

describe('who is no operator', () => {
  test.each([
    ['GET', '/operations/organizations'],
    ['POST', '/operations/organizations'],
    ['PATCH', '/operations/organizations/demo_shop'],
    ['POST', '/operations/relations'],
    ['DELETE', '/operations/relations/demo_agency%231'],
    ['GET', '/operations/health'],
    ['GET', '/operations/quarantine'],
    ['POST', '/operations/migrations/demo_shop'],
    ['GET', '/operations/unclaimed?folder=unknown'],
    ['GET', '/operations/replays'],
    ['POST', '/operations/replays'],
    ['DELETE', '/operations/replays/1'],
    ['GET', '/operations/modules'],
    ['GET', '/operations/routes?tenant=demo_shop'],
    ['GET', '/operations/requests'],
    ['GET', '/operations/requests/1'],
    ['GET', '/operations/explain?tenant=demo_shop&path=/x'],
    ['GET', '/operations/audit'],
    ['DELETE', '/operations/demo-data'],
  ])('gets 403 for %s %s', async (method, path) => {
    for (const person of [administrator, viewer])
      expect((await call(person, method, path, method === 'GET' ? undefined : {})).status).toBe(403);
  });

  test('gets 403 for relations, trail and data of the own organization without being its administrator', async () => {
    for (const path of ['/organizations/relations', '/organizations/audit', '/organizations/health'])
      expect((await call(viewer, 'GET', path)).status).toBe(403);
    expect((await call(viewer, 'DELETE', '/organizations/relations/demo_agency%231')).status).toBe(403);
  });
});
