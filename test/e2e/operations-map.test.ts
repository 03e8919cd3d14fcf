import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { demoClosed, demoNews, demoShop } from '#demo';
import type { HealthAnswer, OrganizationsAnswer } from '#modules';
import {
  call,
  get,
  groupOf,
  operator,
  replayed,
  rowsOf,
  rumbrella,
  send,
} from '../support/operations-world.ts';
import { poll } from '../support/poll.ts';

describe('beacons of nobody', () => {
  test('become rows when their organization is added and they are replayed, and the dry run says how many', async () => {
    const trace = randomUUID();
    for (const marker of ['a', 'b', 'c']) await send(trace, marker);
    const group = await groupOf('unknown', trace, 3);
    expect(group).toMatchObject({ beacons: 3, hostnames: ['late.example'], owner: null });
    expect(group.samples.toSorted()).toEqual(
      ['a', 'b', 'c'].map((marker) => `https://late.example/${marker}`),
    );

    const added = await call(operator, 'POST', '/operations/organizations', {
      id: 'late_shop',
      name: 'Late: "Shop"',
      traces: [trace],
      expire: '2040-12-31',
      hostnames: ['late.example'],
    });
    expect([added.status, added.body]).toEqual([
      201,
      expect.objectContaining({ id: 'late_shop', state: 'active', expiresAt: '2041-01-01T00:00:00.000Z' }),
    ]);

    const request = { folder: 'unknown', tenant: 'late_shop' };
    const counted = await replayed({ ...request, dryRun: true });
    expect(counted.result?.tenants).toEqual([
      { tenant: 'late_shop', inserted: 3, existing: 0, quarantined: 0, notAccepted: 0 },
    ]);
    expect((await replayed(request)).result?.tenants[0]?.inserted).toBe(3);
    expect(await rowsOf('late_shop')).toBe(3);
    expect((await replayed(request)).result?.tenants[0]).toMatchObject({ inserted: 0, existing: 3 });
    expect(await rowsOf('late_shop')).toBe(3);

    const { organizations } = await get<OrganizationsAnswer>('/operations/organizations');
    const line = organizations.find(({ id }) => id === 'late_shop');
    expect(line).toMatchObject({ rows: 3, name: 'Late: "Shop"', traces: [trace] });
    expect(Date.parse(line?.lastBeaconAt ?? '')).toBeGreaterThan(Date.now() - 600_000);
  });

  test('of an expired organization become rows when it is renewed and they are replayed', async () => {
    await send(demoClosed.trace, 'expired');
    const group = await groupOf('expired', demoClosed.trace, 1);
    expect(group.owner).toEqual({ id: demoClosed.prefix, name: demoClosed.name, state: 'expired' });
    const before = { folder: 'expired', tenant: demoClosed.prefix, dryRun: true };
    const tooEarly = await call(operator, 'POST', '/operations/replays', before);
    expect(tooEarly.status).toBe(422);
    expect(JSON.stringify(tooEarly.body)).toContain('renew it first');

    const renewed = await call(operator, 'PATCH', `/operations/organizations/${demoClosed.prefix}`, {
      expire: '2040-12-31',
    });
    expect([renewed.status, (renewed.body as { state: string }).state]).toEqual([200, 'active']);
    expect((await replayed(before)).result?.tenants[0]?.inserted).toBe(1);
    expect((await replayed({ ...before, dryRun: false })).state).toBe('done');
    expect(await rowsOf(demoClosed.prefix)).toBe(1);
    const map = await readFile(join(rumbrella.folder, 'users-map.yaml'), 'utf8');
    expect(map).toContain('# its time is over: beacons go to the folder "expired" until somebody renews it');
  });
});

describe('the users map', () => {
  test('is changed only by who saw its present state', async () => {
    const { version } = await get<OrganizationsAnswer>('/operations/organizations');
    const change = { name: 'Another name', version };
    expect((await call(operator, 'PATCH', '/operations/organizations/demo_news', change)).status).toBe(200);
    const late = await call(operator, 'PATCH', '/operations/organizations/demo_news', {
      ...change,
      name: 'A third name',
    });
    expect([late.status, String(late.body)]).toEqual([409, expect.stringContaining('somebody else')]);
  });

  test('bounds how many beacons one organization may send, and what was refused is told by reason', async () => {
    const path = `/operations/organizations/${demoNews.prefix}`;
    const sendMany = (trace: string) =>
      Promise.all(
        Array.from({ length: 100 }, async () => {
          const answer = await fetch(`${rumbrella.url}/beacon/catcher?brum_trace=${trace}`);
          return answer.status;
        }),
      );
    const changed = await call(operator, 'PATCH', path, { beaconsPerSecond: 1 });
    expect([changed.status, changed.body]).toEqual([200, expect.objectContaining({ beaconsPerSecond: 1 })]);
    const statuses = await sendMany(demoNews.trace);
    const refused = statuses.filter((status) => status === 429).length;
    expect(refused).toBeGreaterThan(0);
    expect(statuses.filter((status) => status === 204)).toHaveLength(100 - refused);
    expect(new Set(await sendMany(demoClosed.trace))).toEqual(new Set([204]));
    const { funnel } = await get<HealthAnswer>('/operations/health');
    const news = funnel.find(({ destination }) => destination === demoNews.prefix);
    expect(news?.refused).toEqual([{ reason: 'quota', count: refused }]);
    expect(news?.received).toBe(refused + (news?.journaled ?? 0));

    expect(await readFile(join(rumbrella.folder, 'users-map.yaml'), 'utf8')).toContain(
      'beacons_per_second: 1',
    );
    const usual = await call(operator, 'PATCH', path, { beaconsPerSecond: null });
    expect(usual.body).toMatchObject({ beaconsPerSecond: null });
    expect(new Set(await sendMany(demoNews.trace))).toEqual(new Set([204]));
  });

  test('with problems is told with the line, and the last good one stays in force', async () => {
    const path = join(rumbrella.folder, 'users-map.yaml');
    const good = await readFile(path, 'utf8');
    await writeFile(path, `${good}- user: { prefix: "Not Good" }\n`);
    const answer = await poll('the problem is told', async () => {
      const found = await get<OrganizationsAnswer>('/operations/organizations');
      return found.problems.length > 0 && found;
    });
    expect(answer.problems[0]).toMatchObject({ line: good.split('\n').length, found: '"Not Good"' });
    expect(answer.organizations.some(({ id }) => id === 'demo_shop')).toBe(true);
    await writeFile(path, good);
    await poll(
      'it is well again',
      async () => (await get<OrganizationsAnswer>('/operations/organizations')).problems.length === 0,
    );
  });

  test.each<readonly [string, string, string, object, string]>([
    ['a prefix that is none', 'POST', '/operations/organizations', { id: 'Not Good' }, 'lower-case letter'],
    [
      'a day that does not exist',
      'POST',
      '/operations/organizations',
      { id: 'ok', expire: '2027-02-30' },
      'a day such as',
    ],
    [
      'a trace of somebody',
      'POST',
      '/operations/organizations',
      { id: 'ok', traces: [demoShop.trace] },
      'the trace of demo_shop',
    ],
    ['a member nobody knows', 'PATCH', '/operations/organizations/demo_shop', { colour: 'red' }, 'colour'],
    [
      'an unknown organization',
      'POST',
      '/operations/relations',
      { tenant: 'nobody', executesAs: ['demo_shop'], modules: ['notes'], permissions: [] },
      'no organization',
    ],
    [
      'a relation with itself',
      'POST',
      '/operations/relations',
      { tenant: 'demo_shop', executesAs: ['demo_shop'], modules: ['notes'], permissions: [] },
      'for itself',
    ],
    ['a folder that is a path', 'POST', '/operations/replays', { folder: '../etc' }, 'unknown, expired'],
  ])('refuses %s in words', async (_what, method, path, body, words) => {
    const answer = await call(operator, method, path, body);
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain(words);
  });

  test('answers 409 for a prefix that is there, 404 for one that is not', async () => {
    expect((await call(operator, 'POST', '/operations/organizations', { id: 'demo_shop' })).status).toBe(409);
    expect((await call(operator, 'PATCH', '/operations/organizations/nobody', { name: 'x' })).status).toBe(
      404,
    );
    expect((await call(operator, 'DELETE', '/operations/relations/nobody%231')).status).toBe(404);
  });

  test.each(['now', '2020-01-01'])(
    'does not let an operator end the own organization (%s)',
    async (expire) => {
      const answer = await call(operator, 'PATCH', '/operations/organizations/demo_agency', { expire });
      expect([answer.status, String(answer.body)]).toEqual([
        409,
        expect.stringContaining('lock yourself out'),
      ]);
    },
  );
});
