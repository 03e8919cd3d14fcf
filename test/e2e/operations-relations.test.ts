import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { AuditAnswer, OrganizationsAnswer, OwnRelationsAnswer } from '#modules';
import { administrator, call, get, operator, rumbrella } from '../support/operations-world.ts';
import { poll } from '../support/poll.ts';

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
