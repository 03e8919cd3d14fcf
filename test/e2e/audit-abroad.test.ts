import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AuditAnswer, AuditLine } from '#modules';
import type { Person } from '../../examples/person.ts';
import { signInPeople } from '../support/people.ts';
import { poll } from '../support/poll.ts';
import { type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

let rumbrella: RunningRumbrella;
let agent: Person;
let administrator: Person;

beforeAll(async () => {
  rumbrella = await startRumbrella();
  [agent, administrator] = (await signInPeople(
    rumbrella,
    {
      tenant: 'demo_agency',
      username: 'olga',
      permissions: ['notes.all', 'operations.all', 'reports.all'],
    },
    { tenant: 'demo_shop', username: 'adam', permissions: ['organizations.all', 'notes.all'] },
  )) as [Person, Person];
});

afterAll(() => rumbrella?.remove());

const statusOf = async (who: Person, method: string, path: string, tenant: string, body?: object) =>
  (await who.send({ method, path, tenant, ...(body !== undefined && { body }) })).status;

const trailOf = async (who: Person): Promise<readonly AuditLine[]> => {
  const path = who === agent ? '/operations/audit?tenant=demo_agency' : '/organizations/audit';
  const { status, json } = await who.send({ method: 'GET', path, tenant: who.tenant });
  expect(status).toBe(200);
  return (json as AuditAnswer).entries;
};

describe('what somebody does for another organization', () => {
  test('stands in the trails of both when it only reads, once for what is read within a minute', async () => {
    for (const path of ['/note-types', '/note-types?limit=1'])
      expect(await statusOf(agent, 'GET', path, 'demo_shop')).toBe(200);
    for (const who of [agent, administrator]) {
      const reads = (await trailOf(who)).filter(
        ({ kind, path }) => kind === 'replaced' && path === '/note-types',
      );
      expect(reads).toEqual([
        expect.objectContaining({
          userName: 'olga',
          originTenant: 'demo_agency',
          tenant: 'demo_shop',
          relation: 'demo_agency#1',
          method: 'GET',
          status: null,
        }),
      ]);
    }
  });

  test('stands there with its status when it changes something', async () => {
    expect(await statusOf(agent, 'POST', '/note-types', 'demo_shop', { name: 'Abroad' })).toBe(201);
    const entry = await poll('the entry has its status', async () =>
      (await trailOf(administrator)).find(({ kind, status }) => kind === 'acting' && status === 201),
    );
    expect(entry).toMatchObject({ userName: 'olga', method: 'POST', path: '/note-types' });
  });

  test('is not in the trail when it is done at home', async () => {
    expect(await statusOf(administrator, 'GET', '/note-types', 'demo_shop')).toBe(200);
    expect((await trailOf(administrator)).filter(({ userName }) => userName === 'adam')).toEqual([]);
  });
});

describe('while the trail cannot be written', () => {
  const control = (statement: string): void => {
    const database = new DatabaseSync(join(rumbrella.folder, 'data', 'control.sqlite'), { timeout: 5_000 });
    database.exec(statement);
    database.close();
  };

  test('nothing is done for another organization, everything at home, and all of it afterwards', async () => {
    const add = (who: Person, name: string) =>
      who.send({ method: 'POST', path: '/note-types', tenant: 'demo_shop', body: { name } });
    control('ALTER TABLE audit_entries RENAME TO audit_elsewhere');
    try {
      const refused = await add(agent, 'Without a trail');
      expect(refused.status).toBe(503);
      expect(refused.text).toContain('the audit trail cannot be written');
      expect(await statusOf(agent, 'GET', '/notes', 'demo_shop')).toBe(503);
      expect((await add(administrator, 'At home')).status).toBe(201);
    } finally {
      control('ALTER TABLE audit_elsewhere RENAME TO audit_entries');
    }
    expect(await statusOf(agent, 'GET', '/notes', 'demo_shop')).toBe(200);
    const { text } = await administrator.send({ method: 'GET', path: '/note-types', tenant: 'demo_shop' });
    expect(text).toContain('At home');
    expect(text).not.toContain('Without a trail');
  });
});
