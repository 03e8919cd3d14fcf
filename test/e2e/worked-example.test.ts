import { writeFile } from 'node:fs/promises';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '#core';
import { createTokens, loadSigningKey, type ModuleClaims, type Tokens } from '#gateway';
import { createOperator, type Hop, type Operator } from '../../examples/operator.ts';
import type { Person, Received } from '../../examples/person.ts';
import { type HttpModule, startHttpModule } from '../support/http-module.ts';
import { signInPeople } from '../support/people.ts';
import { poll } from '../support/poll.ts';
import { OPERATOR_TOKEN, type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

// A, B and C of the worked example. `a_narrow` has a relation whose ceiling leaves note types out.
const usersMap = `
- user: { prefix: a, expire: 2099-01-01 }
- user: { prefix: b, expire: 2099-01-01 }
- user: { prefix: c, expire: 2099-01-01 }
- user: { prefix: former, expire: 2099-01-01 }
- user: { prefix: stranger, expire: 2099-01-01 }
- user: { prefix: narrow, expire: 2099-01-01 }
- relation:
    tenant: a
    executes_as: [b, c]
    modules: [notes]
    when:
      - { method: POST, path: /note-types, query: { site: b.example }, tenant: b }
      - { method: POST, path: /note-types, body: { owner: c }, tenant: c }
    permissions: [note.types.*]
    expire: 2098-12-31
- relation:
    tenant: a
    executes_as: [former]
    modules: [notes]
    permissions: ["*"]
    expire: 2020-12-31
- relation:
    tenant: narrow
    executes_as: [b]
    modules: [notes]
    permissions: [notes.*]
    expire: 2098-12-31
`;

/** A filter of all requests, over HTTP: it sees tenant, user and token of every hop that passes the gateway, whoever handles it. */
const spyDescriptor = {
  id: 'mod-spy-1.0.0',
  filters: [{ methods: ['*'], pathPattern: '/*', phase: 'pre', type: 'headers' }],
};

let server: RunningRumbrella;
let spy: HttpModule;
let operator: Operator;
let tokens: Tokens;
let ann: Person;
let noor: Person;
let nell: Person;
let bea: Person;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-worked-'));
  await writeFile(join(folder, 'users-map.yaml'), usersMap);
  server = await startRumbrella({ folder, env: { RUMBRELLA_DEMO: 'off' } });
  operator = createOperator(server.url, OPERATOR_TOKEN);
  spy = await startHttpModule();
  await operator.addModule(spyDescriptor, spy.url);
  for (const tenant of ['a', 'b', 'c', 'narrow']) await operator.enable(tenant, spyDescriptor.id);
  const key = await loadSigningKey('', join(folder, 'data', 'signing-key'));
  tokens = createTokens({ key }, systemClock);
  [ann, noor, nell, bea] = (await signInPeople(
    server,
    { tenant: 'a', username: 'ann', firstName: 'Ann', lastName: 'Archer', permissions: ['notes.all'] },
    { tenant: 'a', username: 'noor', permissions: ['note.types.collection.get'] },
    { tenant: 'narrow', username: 'nell', permissions: ['notes.all'] },
    { tenant: 'b', username: 'bea', permissions: ['notes.all', 'configuration.all'] },
  )) as [Person, Person, Person, Person];
});

afterAll(async () => {
  await spy?.stop();
  await server?.remove();
});

beforeEach(() => {
  spy.calls.length = 0;
});

interface Wish {
  /** `X-Okapi-Tenant`. */
  readonly tenant?: string;
  readonly query?: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

const postNoteType = (
  person: Person,
  name: string,
  { tenant, query = '', body }: Wish = {},
): Promise<Received> =>
  person.send({
    method: 'POST',
    path: `/note-types${query}`,
    body: { name, ...body },
    ...(tenant !== undefined && { tenant }),
  });

const hopText = ({ phase, module, method, path, tenants, rule, status, actors }: Hop): string =>
  `${[...actors, ''].join(' → ')}${phase} ${module} ${method} ${path}: ${tenants.origin}>${tenants.requested}>${tenants.execution} ${rule} ${status}`;

const noteTypesOf = async (person: Person, tenant = person.tenant): Promise<readonly { name: string }[]> => {
  const { json } = await person.send({ path: '/note-types?limit=1000', tenant });
  return (json as { noteTypes: readonly { name: string }[] }).noteTypes;
};

describe('POST /note-types', () => {
  const ways: readonly (readonly [string, string, string, string | null, Wish])[] = [
    ['as A, at home', 'a', 'requested', null, {}],
    ['as B, named in the header', 'b', 'named', 'a#1', { tenant: 'b' }],
    ['as C, named in the header', 'c', 'named', 'a#1', { tenant: 'c' }],
    ['as B, by a rule on the query', 'b', 'a#1.when[0]', 'a#1', { query: '?site=b.example' }],
    ['as C, by a rule on the body', 'c', 'a#1.when[1]', 'a#1', { body: { owner: 'c' } }],
  ];

  describe.each(ways)('%s', (way, execution, rule, relation, wish) => {
    const requested = wish.tenant ?? 'a';
    const back = execution === 'a' ? 'requested' : 'callback';
    const home = execution === 'a' ? 'requested' : 'origin';
    let received: Received;
    let hops: readonly Hop[];
    let seen: HttpModule['calls'];

    beforeAll(async () => {
      spy.calls.length = 0;
      received = await postNoteType(ann, `Made ${way}`, wish);
      hops = await operator.hops(received.requestId);
      seen = [...spy.calls];
    });

    test('is answered 201 with the creator, who is found in A', () => {
      expect(received.status).toBe(201);
      expect(received.json).toMatchObject({
        name: `Made ${way}`,
        metadata: {
          createdByUserId: ann.id,
          createdByUsername: 'ann',
          createdBy: { firstName: 'Ann', lastName: 'Archer' },
        },
      });
    });

    test('passes auth, notes, and through the gateway configuration (C) and users (D), each in its tenant', () => {
      const notes = 'mod-notes-1.0.0 → ';
      const own = `a>${requested}>${execution} ${rule}`;
      const limit = `a>${execution}>${execution} ${back}`;
      const creator = `a>${execution}>a ${home}`;
      expect(hops.map(hopText).toSorted()).toEqual(
        [
          `auth mod-authtoken-1.0.0 POST /*: ${own} 202`,
          `pre mod-spy-1.0.0 POST /*: ${own} 200`,
          `handler mod-notes-1.0.0 POST /note-types: ${own} 201`,
          `${notes}auth mod-authtoken-1.0.0 GET /*: ${limit} 202`,
          `${notes}pre mod-spy-1.0.0 GET /*: ${limit} 200`,
          `${notes}handler mod-configuration-1.0.0 GET /configurations/entries: ${limit} 200`,
          `${notes}auth mod-authtoken-1.0.0 GET /*: ${creator} 202`,
          `${notes}pre mod-spy-1.0.0 GET /*: ${creator} 200`,
          `${notes}handler mod-users-1.0.0 GET /users/{id}: ${creator} 200`,
        ].toSorted(),
      );
    });

    test('names the relation at exactly the hops where the tenant is not the own one', () => {
      expect(hops.length).toBeGreaterThan(0);
      for (const { tenants, relation: found } of hops)
        expect(found).toBe(tenants.execution === 'a' ? null : relation);
    });

    test('checks the user before anything else, and asks neighbours only after that', () => {
      expect(hops.slice(0, 3).map(({ phase }) => phase)).toEqual(['auth', 'pre', 'handler']);
    });

    test('shows every hop one tenant in header and token, the user, where he belongs, and who calls', () => {
      const paths = ['/note-types', '/configurations/entries', `/users/${ann.id}`];
      expect(seen.map(({ url }) => url.replace(/[?].*/, '')).toSorted()).toEqual(paths.toSorted());
      for (const { url, headers } of seen) {
        const tenant = url.startsWith('/users') ? 'a' : execution;
        const claims = verified(headers['x-okapi-token']);
        expect(headers['x-okapi-tenant']).toBe(tenant);
        expect(headers['x-okapi-user-id']).toBe(ann.id);
        expect(claims).toMatchObject({
          tenant,
          originTenant: 'a',
          userId: ann.id,
          module: 'mod-spy-1.0.0',
          relation: tenant === 'a' ? null : expect.stringMatching(/^[0-9a-f]{16}$/),
          hop: url.startsWith('/note-types') ? 0 : 1,
          actors: url.startsWith('/note-types') ? [] : ['mod-notes-1.0.0'],
        });
        expect(claims.expiresAt - claims.issuedAt).toBeLessThanOrEqual(60_000);
      }
    });

    test('gives no module the token that the user sent', () => {
      expect(seen).toHaveLength(3);
      expect(JSON.stringify(seen)).not.toContain(ann.token);
    });

    test('saves the note type for the execution tenant and for nobody else', async () => {
      const where = await Promise.all(
        ['a', 'b', 'c'].map(async (tenant) =>
          (await noteTypesOf(ann, tenant)).some(({ name }) => name === `Made ${way}`) ? [tenant] : [],
        ),
      );
      expect(where.flat()).toEqual([execution]);
    });
  });

  test('with a name that is taken there is a 422 in FOLIO’s form', async () => {
    await postNoteType(ann, 'Twice', { tenant: 'b' });
    const again = await postNoteType(ann, 'Twice', { tenant: 'b' });
    expect(again.status).toBe(422);
    expect(again.json).toMatchObject({
      errors: [{ message: 'Key (name)=(Twice) already exists.', code: 'VALIDATION_ERROR' }],
    });
  });

  test('takes a name that is taken in another tenant only', async () => {
    await postNoteType(ann, 'In both', { tenant: 'b' });
    expect((await postNoteType(ann, 'In both')).status).toBe(201);
  });
});

describe('the limit', () => {
  test('is that of the execution tenant: reached in B, not at home', async () => {
    const limit = await bea.send({
      method: 'POST',
      path: '/configurations/entries',
      body: { module: 'NOTES', configName: 'note-type-limit', code: 'note.types.number.limit', value: '1' },
    });
    expect(limit.status).toBe(201);
    try {
      const refused = await postNoteType(ann, 'One too many', { tenant: 'b' });
      expect(refused.status).toBe(422);
      expect(refused.json).toMatchObject({
        errors: [
          {
            message: 'Maximum number of note types allowed is 1',
            code: 'NOTE_TYPES_LIMIT_REACHED',
            parameters: [{ key: 'limit', value: '1' }],
          },
        ],
      });
      expect((await postNoteType(ann, 'Enough room at home')).status).toBe(201);
      expect((await noteTypesOf(bea)).map(({ name }) => name)).not.toContain('One too many');
    } finally {
      const { id } = limit.json as { id: string };
      await bea.send({ method: 'DELETE', path: `/configurations/entries/${id}` });
    }
  });
});

describe('permissions', () => {
  test('that are missing at home are a 403 that names the permission, and notes is not called', async () => {
    const refused = await postNoteType(noor, 'Not allowed');
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('requires permission: note.types.item.post');
    expect(await phasesOf(refused)).toEqual(['auth mod-authtoken-1.0.0 403', 'pre mod-spy-1.0.0 200']);
  });

  test('that are missing at home are missing in B as well', async () => {
    const refused = await postNoteType(noor, 'Not allowed', { tenant: 'b' });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('requires permission: note.types.item.post');
  });

  test('that are held at home count in B only within the ceiling of the relation', async () => {
    expect((await postNoteType(nell, 'At home')).status).toBe(201);
    const refused = await postNoteType(nell, 'Above the ceiling', { tenant: 'b' });
    expect(refused.status).toBe(403);
    expect(refused.text).toContain('requires permission: note.types.item.post');
    expect((await nell.send({ path: '/notes', tenant: 'b' })).status).toBe(200);
  });

  test('do not come from headers that a client makes up', async () => {
    const answer = await fetch(`${server.url}/note-types`, {
      method: 'POST',
      headers: {
        'x-okapi-tenant': 'a',
        'x-okapi-token': noor.token,
        'x-okapi-permissions': '["note.types.item.post"]',
        'x-okapi-user-id': ann.id,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ name: 'Made up' }),
    });
    expect(answer.status).toBe(403);
    expect(spy.calls.map(({ headers }) => headers['x-okapi-user-id'])).toEqual([noor.id]);
  });
});

describe('a tenant that may not be used', () => {
  const refusal = (tenant: string) => `tenant "${tenant}" cannot be used for this request`;

  test.each([
    ['with an expired relation', 'former'],
    ['without a relation', 'stranger'],
    ['that does not exist', 'nowhere'],
  ])('%s is a 403 in the same words, and no module is called', async (_, tenant) => {
    const refused = await postNoteType(ann, 'Elsewhere', { tenant });
    expect([refused.status, refused.text]).toEqual([403, refusal(tenant)]);
    expect(await phasesOf(refused)).toEqual(['resolve null 403']);
    expect(spy.calls).toEqual([]);
  });

  test('is not reached backwards: a relation from A to B is none from B to A', async () => {
    const refused = await postNoteType(bea, 'Backwards', { tenant: 'a' });
    expect([refused.status, refused.text]).toEqual([403, refusal('a')]);
  });

  test('is not reached for a module that the relation does not name', async () => {
    const refused = await ann.send({ path: '/configurations/entries', tenant: 'b' });
    expect([refused.status, refused.text]).toEqual([403, refusal('b')]);
  });
});

describe('the user', () => {
  test('without a token gets nowhere', async () => {
    const answer = await fetch(`${server.url}/note-types`, {
      method: 'POST',
      headers: { 'x-okapi-tenant': 'a', 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Nobody' }),
    });
    expect([answer.status, await answer.text()]).toEqual([
      400,
      'Token missing, access requires permission: note.types.item.post',
    ]);
  });

  test('who is not active any more is a 401, at home and in B', async () => {
    const [admin, leaver] = (await signInPeople(
      server,
      { tenant: 'a', username: 'admin', permissions: ['users.all', 'notes.all'] },
      { tenant: 'a', username: 'leaver', permissions: ['notes.all'] },
    )) as [Person, Person];
    expect((await postNoteType(leaver, 'Last one')).status).toBe(201);
    const user = (await admin.send({ path: `/users/${leaver.id}` })).json as object;
    await admin.send({ method: 'PUT', path: `/users/${leaver.id}`, body: { ...user, active: false } });
    const refused = await poll(
      'the user counts as inactive',
      async () => {
        const received = await leaver.send({ path: '/note-types' });
        return received.status === 200 ? undefined : received;
      },
      10_000,
    );
    expect([refused.status, refused.text]).toEqual([
      401,
      `Invalid token: user with id ${leaver.id} is not active`,
    ]);
    spy.calls.length = 0;
    const inB = await postNoteType(leaver, 'After the last one', { tenant: 'b' });
    expect(inB.status).toBe(401);
    expect((await operator.hops(inB.requestId)).some(({ phase }) => phase === 'handler')).toBe(false);
  });
});

const verified = (token: unknown): ModuleClaims => {
  const verification = tokens.verify(String(token));
  if (verification.kind !== 'verified' || verification.claims.kind !== 'module')
    throw new Error(`not a module token of this gateway: ${JSON.stringify(verification)}`);
  return verification.claims;
};

const phasesOf = async ({ requestId }: Received): Promise<readonly string[]> =>
  (await operator.hops(requestId)).map(({ phase, module, status }) => `${phase} ${module} ${status}`);
