import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
let ann: Person;
let other: Person;
let reader: Person;
beforeAll(async () => {
  world = await startOkapiWorld(
    '- user: { prefix: diku, expire: 2035-01-01 }\n- user: { prefix: other, expire: 2035-01-01 }\n',
  );
  const permissions = ['notes.all', 'configuration.all', 'users.all'];
  [ann, other, reader] = await addPeople(
    world,
    { tenant: 'diku', username: 'ann', permissions },
    { tenant: 'other', username: 'oto', permissions },
    { tenant: 'diku', username: 'rea', permissions: [] },
  );
});
afterAll(() => world?.remove());

type NoteType = { id: string; name: string; usage: { isAssigned: boolean } };
type Note = { id: string; links: { id: string; type: string }[] };
type Notes = { notes: Note[]; totalRecords: number };

const makeType = async (name: string): Promise<NoteType> => {
  const made = await ann.ask('POST', '/note-types', { name });
  expect(made.status, made.text).toBe(201);
  return made.json() as NoteType;
};
const makeNote = async (typeId: string, extra: object = {}): Promise<Note> => {
  const body = {
    title: 'a title',
    domain: 'eholdings',
    typeId,
    links: [{ id: 'p1', type: 'package' }],
    ...extra,
  };
  const made = await ann.ask('POST', '/notes', body);
  expect(made.status, made.text).toBe(201);
  return made.json() as Note;
};
const fault = (message: string, code: string, parameters: unknown = expect.any(Array)) => ({
  errors: [{ message, type: '-1', code, parameters }],
  total_records: 1,
});

describe('§5.1 /note-types', () => {
  test('§5.1 a tenant begins with the general note', async () => {
    const list = (await ann.ask('GET', '/note-types')).json();
    expect(list).toMatchObject({ noteTypes: [{ name: 'General note', usage: { isAssigned: false } }] });
    expect(list).toMatchObject({ totalRecords: 1 });
  });

  test('§5.1 POST is 201 with its Location, and names the creator', async () => {
    const made = await ann.ask('POST', '/note-types', { name: 'Urgent' });
    const type = made.json() as NoteType;
    expect([made.status, made.headers.get('location')]).toEqual([201, `/note-types/${type.id}`]);
    expect(type).toMatchObject({
      name: 'Urgent',
      metadata: {
        createdByUserId: ann.id,
        createdByUsername: 'ann',
        createdBy: { lastName: 'ann' },
      },
    });
    const { usage, ...read } = (await ann.ask('GET', `/note-types/${type.id}`)).json() as NoteType;
    expect([read, usage]).toEqual([type, { isAssigned: false }]);
  });

  test('§5.1 POST of a name that is there is 422', async () => {
    const answer = await ann.ask('POST', '/note-types', { name: 'Urgent' });
    expect([answer.status, answer.json()]).toEqual([
      422,
      fault('Key (name)=(Urgent) already exists.', 'VALIDATION_ERROR', []),
    ]);
  });

  test('§5.1 POST without a name, with an empty one or one of more than 255 characters is 422', async () => {
    for (const body of [{}, { name: '' }, { name: 'x'.repeat(256) }, { name: 7 }]) {
      const answer = await ann.ask('POST', '/note-types', body);
      expect([answer.status, answer.json()]).toEqual([
        422,
        expect.objectContaining({ errors: [expect.objectContaining({ code: 'VALIDATION_ERROR' })] }),
      ]);
    }
  });

  test('§5.1 the limit of the configuration is kept: 422 with the number', async () => {
    const { totalRecords } = (await other.ask('GET', '/note-types')).json() as Notes;
    const limit = String(totalRecords + 1);
    const entry = { module: 'NOTES', configName: 'note-type-limit', code: 'note.types.number.limit' };
    await other.ask('POST', '/configurations/entries', { ...entry, enabled: true, value: limit });
    expect((await other.ask('POST', '/note-types', { name: 'Last' })).status).toBe(201);
    const answer = await other.ask('POST', '/note-types', { name: 'One more' });
    expect([answer.status, answer.json()]).toEqual([
      422,
      fault(`Maximum number of note types allowed is ${limit}`, 'NOTE_TYPES_LIMIT_REACHED', [
        { key: 'limit', value: limit },
      ]),
    ]);
    // That of the other tenant stays 25.
    expect((await makeType('Not limited')).name).toBe('Not limited');
  });

  test('§5.1 PUT is 204, DELETE is 204, and what is not there is 404 with its id', async () => {
    const { id } = await makeType('Short-lived');
    expect((await ann.ask('PUT', `/note-types/${id}`, { name: 'Renamed' })).status).toBe(204);
    expect((await ann.ask('GET', `/note-types/${id}`)).json()).toMatchObject({ name: 'Renamed' });
    expect((await ann.ask('PUT', `/note-types/${id}`, { name: 'Urgent' })).status).toBe(422);
    expect((await ann.ask('DELETE', `/note-types/${id}`)).status).toBe(204);
    for (const [method, body] of [['GET'], ['DELETE'], ['PUT', { name: 'x' }]] as const) {
      const answer = await ann.ask(method, `/note-types/${id}`, body);
      expect([answer.status, answer.headers.get('content-type'), answer.text], method).toEqual([
        404,
        'text/plain',
        `Note type with ID [${id}] was not found`,
      ]);
    }
  });

  test('§5.1 a type that is in use cannot be deleted: 400, until its last note is gone', async () => {
    const { id } = await makeType('In use');
    const note = await makeNote(id);
    expect((await ann.ask('GET', `/note-types/${id}`)).json()).toMatchObject({
      usage: { isAssigned: true },
    });
    const answer = await ann.ask('DELETE', `/note-types/${id}`);
    expect([answer.status, answer.text]).toEqual([
      400,
      'Note type is assigned to a note(s) and cannot be deleted',
    ]);
    expect((await ann.ask('DELETE', `/notes/${note.id}`)).status).toBe(204);
    expect((await ann.ask('DELETE', `/note-types/${id}`)).status).toBe(204);
  });

  test('§5.1 GET lists by query, limit and offset', async () => {
    const query = encodeURIComponent('name==("Urgent" or "General note") sortby name/sort.descending');
    const answer = await ann.ask('GET', `/note-types?query=${query}&limit=1&offset=1`);
    expect(answer.json()).toMatchObject({ noteTypes: [{ name: 'General note' }], totalRecords: 2 });
  });
});

describe('§5.1 /notes', () => {
  test('§5.1 POST, GET, PUT and DELETE', async () => {
    const { id: typeId } = await makeType('Crud');
    const note = await makeNote(typeId, { content: '<p>text</p>' });
    expect(note).toMatchObject({
      title: 'a title',
      type: 'Crud',
      typeId,
      content: '<p>text</p>',
      metadata: { createdByUserId: ann.id, createdByUsername: 'ann' },
    });
    const path = `/notes/${note.id}`;
    expect((await ann.ask('GET', path)).json()).toEqual(note);
    const body = { title: 'another', domain: 'eholdings', typeId, links: note.links };
    expect((await ann.ask('PUT', path, body)).status).toBe(204);
    expect((await ann.ask('GET', path)).json()).toMatchObject({ title: 'another', links: note.links });
    expect((await ann.ask('DELETE', path)).status).toBe(204);
    for (const [method, sent] of [['GET'], ['DELETE'], ['PUT', body]] as const) {
      const answer = await ann.ask(method, path, sent);
      expect([answer.status, answer.headers.get('content-type'), answer.text], method).toEqual([
        404,
        'text/plain',
        `Note with ID [${note.id}] was not found`,
      ]);
    }
  });

  test('§5.1 a note of a type that is not there is 422', async () => {
    const typeId = randomUUID();
    for (const [method, path] of [
      ['POST', '/notes'],
      ['PUT', `/notes/${randomUUID()}`],
    ] as const) {
      const answer = await ann.ask(method, path, { title: 'x', domain: 'd', typeId });
      expect([answer.status, answer.json()]).toEqual([
        422,
        fault('Note type was not found', 'VALIDATION_ERROR', [{ key: 'typeId', value: typeId }]),
      ]);
    }
  });

  test('§5.1 GET lists by domain and title', async () => {
    const { id } = await makeType('Listed');
    for (const title of ['list one', 'list two']) await makeNote(id, { title, domain: 'lists' });
    const query = encodeURIComponent('domain==lists and title=list* sortby title/sort.descending');
    const list = (await ann.ask('GET', `/notes?query=${query}`)).json();
    expect(list).toMatchObject({ notes: [{ title: 'list two' }, { title: 'list one' }], totalRecords: 2 });
  });
});

describe('§5.1 /note-links', () => {
  const assign = (link: string, ...notes: readonly (readonly [id: string, status: string])[]) =>
    ann.ask('PUT', `/note-links/type/package/id/${link}`, {
      notes: notes.map(([id, status]) => ({ id, status })),
    });
  const linked = async (link: string, domain = 'eholdings', type = 'package'): Promise<readonly string[]> => {
    const answer = await ann.ask('GET', `/note-links/domain/${domain}/type/${type}/id/${link}`);
    expect(answer.status, answer.text).toBe(200);
    const { notes, totalRecords } = answer.json() as Notes;
    expect(totalRecords).toBe(notes.length);
    return notes.map(({ id }) => id).toSorted();
  };

  test('§5.1 PUT assigns and unassigns notes, GET gives those of a domain, type and id', async () => {
    const { id } = await makeType('Linked');
    const [one, two] = [await makeNote(id), await makeNote(id)];
    const both = [one.id, two.id].toSorted();
    expect((await assign('l-7', [one.id, 'ASSIGNED'], [two.id, 'ASSIGNED'])).status).toBe(204);
    expect(await linked('l-7')).toEqual(both);
    // Twice is once.
    expect((await assign('l-7', [one.id, 'ASSIGNED'])).status).toBe(204);
    expect(await linked('l-7')).toEqual(both);
    expect(await linked('l-7', 'other')).toEqual([]);
    expect(await linked('l-7', 'eholdings', 'title')).toEqual([]);
    expect((await assign('l-7', [one.id, 'UNASSIGNED'])).status).toBe(204);
    expect(await linked('l-7')).toEqual([two.id]);
    expect((await ann.ask('GET', `/notes/${one.id}`)).json()).toMatchObject({
      links: [{ id: 'p1', type: 'package' }],
    });
  });

  test('§5.1 a note that is left without any link is removed, as mod-notes does', async () => {
    const { id } = await makeType('Unlinked');
    const note = await makeNote(id, { links: [{ id: 'only', type: 'package' }] });
    expect((await assign('only', [note.id, 'UNASSIGNED'])).status).toBe(204);
    expect((await ann.ask('GET', `/notes/${note.id}`)).status).toBe(404);
    expect(await linked('only')).toEqual([]);
  });

  test('§5.1 ids are decoded once', async () => {
    const { id } = await makeType('Encoded');
    const note = await makeNote(id, { links: [{ id: 'a b/c', type: 'package' }] });
    expect(await linked(encodeURIComponent('a b/c'))).toEqual([note.id]);
  });

  test('§5.1 a status that is neither is 422, and a note of another tenant stays as it is', async () => {
    const { id } = await makeType('Foreign');
    const note = await makeNote(id);
    expect((await assign('l-8', [note.id, 'MAYBE'])).status).toBe(422);
    const body = { notes: [{ id: note.id, status: 'UNASSIGNED' }] };
    expect((await other.ask('PUT', '/note-links/type/package/id/p1', body)).status).toBe(204);
    expect((await ann.ask('GET', `/notes/${note.id}`)).json()).toMatchObject({ links: note.links });
    const theirs = await other.ask('GET', '/note-links/domain/eholdings/type/package/id/p1');
    expect(theirs.json()).toEqual({ notes: [], totalRecords: 0 });
  });
});

test('§5.1 each entry needs its permission', async () => {
  const id = randomUUID();
  for (const [method, path, permission] of [
    ['GET', '/note-types', 'note.types.collection.get'],
    ['POST', '/note-types', 'note.types.item.post'],
    ['GET', `/note-types/${id}`, 'note.types.item.get'],
    ['PUT', `/note-types/${id}`, 'note.types.item.put'],
    ['DELETE', `/note-types/${id}`, 'note.types.item.delete'],
    ['GET', '/notes', 'notes.collection.get'],
    ['POST', '/notes', 'notes.item.post'],
    ['GET', `/notes/${id}`, 'notes.item.get'],
    ['PUT', `/notes/${id}`, 'notes.item.put'],
    ['DELETE', `/notes/${id}`, 'notes.item.delete'],
    ['GET', `/note-links/domain/d/type/t/id/${id}`, 'note.links.collection.get'],
    ['PUT', `/note-links/type/t/id/${id}`, 'note.links.collection.put'],
  ] as const) {
    const answer = await reader.ask(method, path, method === 'PUT' || method === 'POST' ? {} : undefined);
    expect([answer.status, answer.text]).toEqual([
      403,
      `Access for user 'rea' (${reader.id}) requires permission: ${permission}`,
    ]);
  }
});
