import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addPeople, type Person } from '../../support/okapi-people.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';

let world: OkapiWorld;
let ann: Person;

beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n');
  [ann] = (await addPeople(world, {
    tenant: 'diku',
    username: 'ann',
    permissions: ['notes.all', 'perms.all', 'users.all'],
  })) as [Person];
});
afterAll(() => world?.remove());

describe('a part of a path that cannot be read', () => {
  test.each([
    ['GET', '/note-links/domain/%zz/type/package/id/p1', undefined],
    ['GET', '/note-links/domain/eholdings/type/%ff/id/p1', undefined],
    ['PUT', '/note-links/type/package/id/%zz', { notes: [] }],
    ['DELETE', '/perms/users/{user}/permissions/%zz', undefined],
  ])('is a 400 of %s %s, which names it', async (method, path, body) => {
    const { permissionUsers } = (await ann.ask('GET', '/perms/users')).json() as {
      permissionUsers: readonly { readonly id: string }[];
    };
    const answer = await ann.ask(method, path.replace('{user}', permissionUsers[0]?.id ?? ''), body);
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('in the path')]);
  });
});

test('a note with the id of another one is a 422 in the form of errors', async () => {
  const type = (await ann.ask('POST', '/note-types', { name: 'Twice' })).json() as { id: string };
  const note = { title: 't', domain: 'd', typeId: type.id, links: [{ id: 'p1', type: 'package' }] };
  const first = (await ann.ask('POST', '/notes', note)).json() as { id: string };
  const again = await ann.ask('POST', '/notes', { ...note, id: first.id });
  expect(again.status).toBe(422);
  expect(again.json()).toMatchObject({
    errors: [
      {
        message: 'A note with this id exists already',
        code: 'VALIDATION_ERROR',
        parameters: [{ key: 'id', value: first.id }],
      },
    ],
  });
});
