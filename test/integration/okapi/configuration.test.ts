import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

const ENTRIES = '/configurations/entries';
const LIMIT = {
  module: 'NOTES',
  configName: 'note-type-limit',
  code: 'note.types.number.limit',
  enabled: true,
  value: '5',
};

let world: OkapiWorld;
let ann: Person;
let other: Person;
let reader: Person;
beforeAll(async () => {
  world = await startOkapiWorld(
    '- user: { prefix: diku, expire: 2035-01-01 }\n- user: { prefix: other, expire: 2035-01-01 }\n',
  );
  [ann, other, reader] = await addPeople(
    world,
    { tenant: 'diku', username: 'ann', permissions: ['configuration.all'] },
    { tenant: 'other', username: 'oto', permissions: ['configuration.all'] },
    { tenant: 'diku', username: 'rea', permissions: ['configuration.entries.item.get'] },
  );
});
afterAll(() => world?.remove());

type Entries = { configs: { id: string; code: string; value: string }[]; totalRecords: number };
const list = async (query: string, person = ann): Promise<Entries> => {
  const answer = await person.ask('GET', `${ENTRIES}?query=${encodeURIComponent(query)}`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json() as Entries;
};

describe('§5.2 /configurations/entries', () => {
  test('§5.2 POST makes an entry: 201 with its Location and metadata', async () => {
    const made = await ann.ask('POST', ENTRIES, LIMIT);
    const entry = made.json<{ id: string; metadata: object }>();
    expect([made.status, made.headers.get('location')]).toEqual([201, `${ENTRIES}/${entry.id}`]);
    expect(entry).toMatchObject({ ...LIMIT, metadata: { createdByUserId: ann.id } });
    expect((await ann.ask('GET', `${ENTRIES}/${entry.id}`)).json()).toEqual(entry);
  });

  test('§5.2 GET finds the limit of the note types as mod-notes asks for it, in both generations', async () => {
    for (const query of [
      'module==NOTES AND code==note.types.number.limit',
      'module==NOTES and configName==note-type-limit',
    ])
      expect(await list(query)).toMatchObject({
        configs: [LIMIT],
        totalRecords: 1,
        resultInfo: { totalRecords: 1 },
      });
    expect(await list('module==NOTES and code==other')).toMatchObject({ configs: [], totalRecords: 0 });
  });

  test('§5.2 GET pages by limit and offset', async () => {
    for (const code of ['page-1', 'page-2', 'page-3'])
      await ann.ask('POST', ENTRIES, { module: 'PAGES', configName: 'page', code, value: code });
    const answer = await ann.ask('GET', `${ENTRIES}?query=module==PAGES&limit=2&offset=2`);
    expect(answer.json<Entries>()).toMatchObject({ totalRecords: 3 });
    expect(answer.json<Entries>().configs).toHaveLength(1);
    const wrong = await ann.ask('GET', `${ENTRIES}?limit=-1`);
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('limit')]);
  });

  test('§5.2 enabled is true unless it is said; module and configName are needed: 422', async () => {
    const made = await ann.ask('POST', ENTRIES, { module: 'M', configName: 'c' });
    expect(made.json()).toMatchObject({ enabled: true });
    for (const body of [{ module: 'M' }, { configName: 'c' }, {}]) {
      const answer = await ann.ask('POST', ENTRIES, body);
      expect(answer.status).toBe(422);
      expect(answer.json()).toMatchObject({
        errors: [{ type: '-1', code: 'VALIDATION_ERROR' }, ...(Object.keys(body).length === 0 ? [{}] : [])],
      });
    }
  });

  test('§5.2 the same module, name and code twice is 422, for the tenant or for one user', async () => {
    const text = 'Cannot have more than one tenant or user record with the same module, config name and code';
    const twice = await ann.ask('POST', ENTRIES, LIMIT);
    expect([twice.status, twice.json()]).toEqual([
      422,
      expect.objectContaining({ errors: [expect.objectContaining({ message: text })] }),
    ]);
    const own = { ...LIMIT, userId: randomUUID() };
    expect((await ann.ask('POST', ENTRIES, own)).status).toBe(201);
    expect((await ann.ask('POST', ENTRIES, own)).status).toBe(422);
    expect((await ann.ask('POST', ENTRIES, { ...own, userId: randomUUID() })).status).toBe(201);
  });

  test('§5.2 PUT is 204, DELETE is 204, and what is not there is 404', async () => {
    const { id } = (await ann.ask('POST', ENTRIES, { ...LIMIT, code: 'mine' })).json() as { id: string };
    const path = `${ENTRIES}/${id}`;
    expect((await ann.ask('PUT', path, { ...LIMIT, code: 'mine', value: '7' })).status).toBe(204);
    expect((await ann.ask('GET', path)).json()).toMatchObject({ id, value: '7' });
    expect((await ann.ask('DELETE', path)).status).toBe(204);
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', LIMIT]] as const) {
      const answer = await ann.ask(method, path, body);
      expect([answer.status, answer.text], method).toEqual([404, 'the configuration entry was not found']);
    }
  });

  test('§5.2 each tenant has its own entries, chosen by X-Okapi-Tenant', async () => {
    expect(await list('module==NOTES', other)).toMatchObject({ configs: [], totalRecords: 0 });
    expect((await other.ask('POST', ENTRIES, { ...LIMIT, value: '99' })).status).toBe(201);
    expect((await list('module==NOTES and configName==note-type-limit', other)).configs[0]?.value).toBe('99');
    expect((await list('module==NOTES and userId==""')).configs.map(({ value }) => value)).toEqual(['5']);
  });

  test('§5.2 each entry needs its permission', async () => {
    const path = `${ENTRIES}/${randomUUID()}`;
    expect((await reader.ask('GET', path)).status).toBe(404);
    for (const [method, at, permission] of [
      ['GET', ENTRIES, 'collection.get'],
      ['POST', ENTRIES, 'item.post'],
      ['PUT', path, 'item.put'],
      ['DELETE', path, 'item.delete'],
    ] as const) {
      const answer = await reader.ask(method, at, method === 'PUT' || method === 'POST' ? LIMIT : undefined);
      expect([answer.status, answer.text]).toEqual([
        403,
        expect.stringContaining(`requires permission: configuration.entries.${permission}`),
      ]);
    }
  });
});
