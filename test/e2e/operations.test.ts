import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { demoClosed, demoNews, demoShop } from '#demo';
import type {
  AuditAnswer,
  HealthAnswer,
  OrganizationsAnswer,
  OwnHealthAnswer,
  OwnRelationsAnswer,
  QuarantineAnswer,
  ReplayJob,
  RequestsAnswer,
  RequestTraceAnswer,
  RoutesAnswer,
  UnclaimedAnswer,
} from '#modules';
import type { Person } from '../../examples/person.ts';
import { signInPeople } from '../support/people.ts';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

let rumbrella: RunningRumbrella;
let operator: Person;
let administrator: Person;
let viewer: Person;

beforeAll(async () => {
  rumbrella = await startRumbrella();
  [operator, administrator, viewer] = (await signInPeople(
    rumbrella,
    { tenant: 'demo_agency', username: 'olga', permissions: ['operations.all', 'notes.all'] },
    { tenant: 'demo_shop', username: 'adam', permissions: ['organizations.all', 'reports.all', 'perms.all'] },
    { tenant: 'demo_shop', username: 'vera', permissions: ['reports.all'] },
  )) as [Person, Person, Person];
});

afterAll(() => rumbrella?.remove());

interface Called {
  readonly status: number;
  /** JSON, or the text. */
  readonly body: unknown;
}

const call = async (
  who: Person,
  method: string,
  path: string,
  body?: object,
  tenant = who.tenant,
): Promise<Called> => {
  const { status, text, json } = await who.send({
    method,
    path,
    tenant,
    ...(body !== undefined && { body }),
  });
  return { status, body: json ?? text };
};

const get = async <T>(path: string, who = operator): Promise<T> => {
  const { status, body } = await call(who, 'GET', path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body as T;
};

const send = async (trace: string, marker: string): Promise<void> => {
  const body = new URLSearchParams({
    u: `https://late.example/${marker}?secret=1`,
    pid: marker.slice(0, 8),
    'pt.lcp': '1234',
  });
  const answer = await fetch(`${rumbrella.url}/beacon/catcher?brum_trace=${trace}`, { method: 'POST', body });
  expect(answer.status).toBe(204);
};

const groupOf = (
  folder: 'unknown' | 'expired',
  trace: string,
  beacons: number,
): Promise<UnclaimedAnswer['groups'][number]> => {
  let to = '';
  return poll(
    `beacons of ${trace} are seen in ${folder}`,
    async () => {
      // Another end of the range is another look; the same one is answered from memory for a while.
      if (to === '') to = new Date(Date.now() + 60_000 + Math.floor(Math.random() * 1_000)).toISOString();
      const look = await get<UnclaimedAnswer>(`/operations/unclaimed?folder=${folder}&to=${to}`);
      if (look.state !== 'running') to = '';
      return look.groups.find((group) => group.trace === trace && group.beacons >= beacons);
    },
    60_000,
  );
};

const replayed = async (request: object): Promise<ReplayJob> => {
  const started = await call(operator, 'POST', '/operations/replays', request);
  expect(started.status, JSON.stringify(started.body)).toBe(202);
  const { id } = started.body as ReplayJob;
  return poll('the replay is at its end', async () => {
    const job = await get<ReplayJob>(`/operations/replays/${id}`);
    return job.state !== 'running' && job;
  });
};

const rowsOf = async (tenant: string): Promise<number> => {
  const [row] = await rumbrella.sql<{ rows: number }>(
    `SELECT toUInt32(count()) AS rows FROM ${tenant}_webperf_rum_events`,
  );
  return row?.rows ?? 0;
};

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

describe('relations', () => {
  test('are seen and ended by the member, whose administrator and whose umbrella find it in their trails', async () => {
    const added = await call(operator, 'POST', '/operations/relations', {
      tenant: 'demo_agency',
      executesAs: ['demo_shop', 'demo_news'],
      modules: ['notes'],
      permissions: ['notes.*'],
      expire: '2040-01-31',
    });
    expect(added.status).toBe(201);
    const { id } = added.body as { id: string };
    const own = await get<OwnRelationsAnswer>('/organizations/relations', administrator);
    expect(own.relations.find((relation) => relation.id === id)).toMatchObject({
      tenant: 'demo_agency',
      tenantName: 'Demo Agency',
      modules: ['notes'],
    });
    expect(JSON.stringify(own)).not.toContain('demo_news');

    const path = `/organizations/relations/${encodeURIComponent(id)}?version=${own.version}`;
    expect((await call(administrator, 'DELETE', path)).status).toBe(204);
    const after = await get<OrganizationsAnswer>('/operations/organizations');
    expect(after.relations.find((relation) => relation.id === id)?.executesAs).toEqual(['demo_news']);
    expect((await call(administrator, 'DELETE', path.split('?')[0] ?? '')).status).toBe(404);

    const trail = await get<AuditAnswer>('/organizations/audit', administrator);
    expect(trail.entries.find(({ status }) => status === 204)).toMatchObject({
      kind: 'operation',
      userName: 'adam',
      originTenant: 'demo_shop',
      summary: `withdrew demo_shop from the relation ${id}`,
    });
    const all = await get<AuditAnswer>('/operations/audit?tenant=demo_agency');
    expect(all.entries.some(({ summary }) => summary.startsWith('withdrew demo_shop'))).toBe(true);
  });

  test('get other members, modules, another ceiling and end, which their members see with the rules that lead to them', async () => {
    const file = join(rumbrella.folder, 'users-map.yaml');
    const before = await readFile(file, 'utf8');
    await writeFile(
      file,
      `${before}
- relation:
    tenant: demo_agency
    executes_as: # of the test
      - demo_shop # stays
      - demo_news
    modules: [notes]
    when:
      - { path: /note-types, query: { site: shop.example }, tenant: demo_shop } # theirs
      - { method: GET, path: /secret-of-news/*, tenant: demo_news }
`,
    );
    const line = await poll('the map is read', async () => {
      const { relations } = await get<OrganizationsAnswer>('/operations/organizations');
      return relations.find(({ rules }) => rules.length === 2);
    });
    expect(line.rules[0]).toEqual({
      method: null,
      path: '/note-types',
      query: { site: 'shop.example' },
      body: {},
      tenant: 'demo_shop',
    });
    const own = await get<OwnRelationsAnswer>('/organizations/relations', administrator);
    expect(own.relations.find(({ id }) => id === line.id)?.rules).toEqual([line.rules[0]]);
    expect(JSON.stringify(own)).not.toContain('secret-of-news');

    const path = `/operations/relations/${encodeURIComponent(line.id)}`;
    for (const [body, what] of [
      [{ executesAs: ['demo_agency'] }, 'always acts for itself'],
      [{ executesAs: ['nobody'] }, 'no organization'],
      [{ modules: [] }, 'at least one module'],
    ] as const) {
      const refused = await call(operator, 'PATCH', path, body);
      expect([refused.status, JSON.stringify(refused.body)]).toEqual([422, expect.stringContaining(what)]);
    }
    const changed = await call(operator, 'PATCH', path, {
      executesAs: ['demo_shop'],
      modules: ['notes', 'reports'],
      permissions: ['notes.*'],
      expire: null,
    });
    expect(changed.body).toMatchObject({
      executesAs: ['demo_shop'],
      modules: ['notes', 'reports'],
      permissions: ['notes.*'],
      expiresAt: null,
      rules: [{ tenant: 'demo_shop' }],
    });
    const after = await readFile(file, 'utf8');
    for (const comment of ['# of the test', '# stays', '# theirs']) expect(after).toContain(comment);
    const trail = await get<AuditAnswer>('/organizations/audit', administrator);
    expect(trail.entries[0]?.summary).toBe(
      `changed the relation ${line.id}: for demo_shop; modules notes, reports; at most notes.*; expiry never`,
    );
    await call(operator, 'DELETE', path);
  });

  test('get rules in another order, changed and new, whose comments stay; a wrong one is answered with what the file would say', async () => {
    const file = join(rumbrella.folder, 'users-map.yaml');
    const before = await readFile(file, 'utf8');
    await writeFile(
      file,
      `${before}
- relation:
    tenant: demo_agency
    executes_as: [demo_shop, demo_news]
    modules: [notes]
    when:
      # of the shop
      - { path: /rule-of-shop, tenant: demo_shop } # first
      - { path: /rule-of-news, tenant: demo_news } # second
    permissions: [notes.*]
    expire: 2040-01-31
`,
    );
    const { line, version } = await poll('the map is read', async () => {
      const answer = await get<OrganizationsAnswer>('/operations/organizations');
      const found = answer.relations.find(({ rules }) => rules.some(({ path }) => path === '/rule-of-shop'));
      return found !== undefined && { line: found, version: answer.version };
    });
    const path = `/operations/relations/${encodeURIComponent(line.id)}`;
    const [shop, news] = line.rules.map((rule, was) => ({ ...rule, was }));
    const wrong = { method: 'get', path: 'x?y', query: {}, body: {}, tenant: 'demo_closed' };
    const refused = await call(operator, 'PATCH', path, { rules: [news, wrong], version });
    const lineOfWrong = before.split('\n').length + 8;
    const place = `line ${lineOfWrong}, relation[${Number(line.id.split('#')[1]) - 1}].when[1]`;
    expect([refused.status, refused.body]).toEqual([
      422,
      {
        errors: [
          [`${place}.method: found "get", expected a method such as GET or POST, in capitals`, 'method'],
          [
            `${place}.path: found "x?y", expected a path that begins with /, without query, with up to 8 * for any run of characters`,
            'path',
          ],
          [`${place}.tenant: found "demo_closed", expected a tenant of executes_as`, 'tenant'],
        ].map(([message, member]) => ({
          message,
          type: '-1',
          code: 'TENANTS_MAP_INVALID',
          parameters: [{ key: `rules.1.${member}`, value: '' }],
        })),
        total_records: 3,
      },
    ]);
    expect(await readFile(file, 'utf8')).toContain('# first');

    const fresh = {
      method: 'POST',
      path: '/notes',
      query: { site: 'no' },
      body: { d: '1' },
      tenant: 'demo_news',
    };
    const changed = await call(operator, 'PATCH', path, { rules: [fresh, news, shop], version });
    expect([changed.status, (changed.body as { rules: unknown }).rules]).toEqual([
      200,
      [fresh, ...line.rules.toReversed()],
    ]);
    expect(await readFile(file, 'utf8')).toContain(`    when:
      - { method: POST, path: /notes, query: { "site": "no" }, body: { "d": "1" }, tenant: demo_news }
      - { path: /rule-of-news, tenant: demo_news } # second
      # of the shop
      - { path: /rule-of-shop, tenant: demo_shop } # first
`);
    const late = await call(operator, 'PATCH', path, { rules: [], version });
    expect(late.status).toBe(409);
    const trail = await get<AuditAnswer>('/organizations/audit', administrator);
    expect(trail.entries.find(({ status }) => status === 200)?.summary).toBe(
      `changed the relation ${line.id}: rules now 3`,
    );
    await call(operator, 'DELETE', path);
  });

  test('leave a trail in both organizations when somebody writes by them', async () => {
    const made = await call(operator, 'POST', '/note-types', { name: 'Made by the agency' }, 'demo_shop');
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    const isIt = ({ path, kind }: AuditAnswer['entries'][number]): boolean =>
      kind === 'acting' && path === '/note-types';
    const entry = await poll('the member sees it', async () =>
      (await get<AuditAnswer>('/organizations/audit', administrator)).entries.find(isIt),
    );
    expect(entry).toMatchObject({
      userName: 'olga',
      originTenant: 'demo_agency',
      tenant: 'demo_shop',
      relation: 'demo_agency#1',
      method: 'POST',
      status: 201,
    });
    const trail = await get<AuditAnswer>('/operations/audit');
    expect(trail.entries.filter(isIt)).toHaveLength(1);
    const { relations } = await get<OrganizationsAnswer>('/operations/organizations');
    expect(relations.find(({ id }) => id === 'demo_agency#1')?.lastWriteAt).toBe(entry.at);
  });
});

describe('health', () => {
  test('conserves the beacons of every destination', async () => {
    for (const trace of [demoShop.trace, demoShop.trace, randomUUID()]) await send(trace, 'health');
    const health = await poll('the loader has loaded everything', async () => {
      const found = await get<HealthAnswer>('/operations/health');
      const shop = found.funnel.find(({ destination }) => destination === 'demo_shop');
      return (shop?.stored ?? 0) >= 2 && found.loader.pendingBytes === 0 && found;
    });
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
