import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createRmApiDouble } from '../../examples/kb-ebsco/rm-api-double.ts';
import { createOperator, type Hop, type Operator } from '../../examples/operator.ts';
import type { Person, Received } from '../../examples/person.ts';
import { type Program, startProgram } from '../../examples/process.ts';
import { listen, stopServer } from '../support/http-module.ts';
import { signInPeople } from '../support/people.ts';
import { OPERATOR_TOKEN, type RunningRumbrella, startRumbrella } from '../support/rumbrella.ts';

const usersMap = `
- user: { prefix: central, expire: 2099-01-01 }
- user: { prefix: college, expire: 2099-01-01 }
- user: { prefix: institute, expire: 2099-01-01 }
- relation:
    tenant: institute
    executes_as: [central]
    modules: [eholdings]
    permissions: [kb-ebsco.*]
    expire: 2098-12-31
`;

const main = fileURLToPath(new URL('../../examples/kb-ebsco/main.ts', import.meta.url));
const descriptorFile = new URL('../../examples/kb-ebsco/ModuleDescriptor.json', import.meta.url);

let server: RunningRumbrella;
let operator: Operator;
let kb: Program & { readonly ready: string };
let rmApi: Server;
let rmApiUrl: string;
/** Of `central`, of `institute`, and a second one of `central`. */
let cora: Person;
let ines: Person;
let carl: Person;

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'rumbrella-kb-'));
  await writeFile(join(folder, 'users-map.yaml'), usersMap);
  server = await startRumbrella({ folder, env: { RUMBRELLA_DEMO: 'off' } });
  operator = createOperator(server.url, OPERATOR_TOKEN);
  kb = await startProgram(
    { command: process.execPath, args: [main, '0'] },
    (line) => /"port":(\d+)/.exec(line)?.[1],
  );
  rmApi = createRmApiDouble(
    ['central', 'institute', 'second'].map((customerId) => ({
      customerId,
      apiKey: `key of ${customerId}`,
      packages: [`Package of ${customerId}`],
    })),
  );
  rmApiUrl = await listen(rmApi);
  const descriptor = JSON.parse(await readFile(descriptorFile, 'utf8')) as { id: string };
  await operator.addModule(descriptor, kbUrl());
  for (const tenant of ['central', 'institute', 'college']) await operator.enable(tenant, descriptor.id);
  const permissions = ['kb-ebsco.all'];
  [cora, ines, carl] = (await signInPeople(
    server,
    { tenant: 'central', username: 'cora', permissions },
    { tenant: 'institute', username: 'ines', permissions },
    { tenant: 'college', username: 'carl', permissions },
  )) as [Person, Person, Person];
});

afterAll(async () => {
  await kb?.stop();
  await server?.remove();
  if (rmApi !== undefined) await stopServer(rmApi);
});

const kbUrl = (): string => `http://127.0.0.1:${kb.ready}`;

const credentials = (customerId: string, apiKey = `key of ${customerId}`, url = rmApiUrl) => ({
  data: {
    type: 'kbCredentials',
    attributes: { name: `Account ${customerId}`, customerId, apiKey, url },
  },
});

const idOf = ({ json }: Received): string => (json as { data: { id: string } }).data.id;

/** Gives the tenant of somebody credentials, does something, and takes them away. */
const withCredentials = async <T>(
  person: Person,
  body: ReturnType<typeof credentials>,
  use: (id: string) => Promise<T>,
): Promise<T> => {
  const added = await person.send({ method: 'POST', path: '/eholdings/kb-credentials', body });
  if (added.status !== 201) throw new Error(`${added.status}: ${added.text}`);
  try {
    return await use(idOf(added));
  } finally {
    await person.send({ method: 'DELETE', path: `/eholdings/kb-credentials/${idOf(added)}` });
  }
};

const packagesOf = async (person: Person, tenant = person.tenant): Promise<readonly string[]> => {
  const { status, json, text } = await person.send({ path: '/eholdings/packages', tenant });
  if (status !== 200) throw new Error(`${status}: ${text}`);
  return (json as { data: readonly { attributes: { name: string } }[] }).data.map(
    ({ attributes }) => attributes.name,
  );
};

const isValid = async (person: Person): Promise<unknown> => {
  const { json } = await person.send({ path: '/eholdings/status' });
  return (json as { data: { attributes: { isConfigurationValid: boolean } } }).data.attributes
    .isConfigurationValid;
};

describe('§5.6 credentials', () => {
  test('belong to one tenant: another neither lists nor finds, changes or removes them', async () => {
    await withCredentials(cora, credentials('central'), async (id) => {
      expect((await carl.send({ path: '/eholdings/kb-credentials' })).json).toMatchObject({
        data: [],
        meta: { totalResults: 0 },
      });
      const path = `/eholdings/kb-credentials/${id}`;
      expect((await carl.send({ path })).status).toBe(404);
      expect((await carl.send({ method: 'PUT', path, body: credentials('stolen') })).status).toBe(404);
      expect((await carl.send({ method: 'DELETE', path })).status).toBe(404);
      expect((await cora.send({ path })).status).toBe(200);
    });
  });

  test('never show their key in lists', async () => {
    await withCredentials(cora, credentials('central'), async (id) => {
      for (const path of ['/eholdings/kb-credentials', `/eholdings/kb-credentials/${id}`])
        expect((await cora.send({ path })).text).not.toContain('key of central');
    });
  });

  test('with a name that is taken are refused, new or changed', async () => {
    await withCredentials(cora, credentials('central'), async () => {
      const again = { method: 'POST', path: '/eholdings/kb-credentials', body: credentials('central') };
      expect((await cora.send(again)).status).toBe(422);
      await withCredentials(cora, credentials('second'), async (id) => {
        const path = `/eholdings/kb-credentials/${id}`;
        expect((await cora.send({ method: 'PUT', path, body: credentials('central') })).status).toBe(422);
        expect((await cora.send({ method: 'PUT', path, body: credentials('second') })).status).toBe(204);
      });
    });
  });
});

describe('§5.6 the account of a user', () => {
  test('is the only one of the tenant when nobody is assigned to it', async () => {
    await withCredentials(cora, credentials('central'), async () => {
      expect(await packagesOf(cora)).toEqual(['Package of central']);
    });
  });

  test('is the one to which the user is assigned', async () => {
    await withCredentials(cora, credentials('central'), () =>
      withCredentials(cora, credentials('second'), async (second) => {
        const path = `/eholdings/kb-credentials/${second}/users`;
        expect((await cora.send({ path: '/eholdings/packages' })).status).toBe(404);
        const body = { data: { id: cora.id, type: 'assignedUsers' } };
        expect((await cora.send({ method: 'POST', path, body })).status).toBe(201);
        expect(await packagesOf(cora)).toEqual(['Package of second']);
        expect((await cora.send({ path })).json).toMatchObject({ data: [{ id: cora.id }] });
        expect((await cora.send({ method: 'DELETE', path: `${path}/${cora.id}` })).status).toBe(204);
        expect((await cora.send({ path: '/eholdings/packages' })).status).toBe(404);
      }),
    );
  });

  test('is asked from kb-ebsco itself through the gateway, which passes auth and keeps the tenant', async () => {
    await withCredentials(cora, credentials('central'), async () => {
      const { requestId } = await ines.send({ path: '/eholdings/packages', tenant: 'central' });
      const hops = await operator.hops(requestId);
      const text = ({ actors, phase, path, tenants, rule, status }: Hop): string =>
        `${actors.join()}|${phase} ${path} ${tenants.origin}>${tenants.execution} ${rule} ${status}`;
      expect(hops.map(text)).toEqual([
        '|auth /* institute>central named 202',
        '|handler /eholdings/packages institute>central named 200',
        'mod-kb-ebsco-4.0.0|auth /* institute>central callback 202',
        'mod-kb-ebsco-4.0.0|handler /eholdings/user-kb-credential institute>central callback 200',
      ]);
    });
  });

  test('is that of the execution tenant, for one and the same user, however requests of both are mixed', async () => {
    await withCredentials(cora, credentials('central'), () =>
      withCredentials(ines, credentials('institute'), async () => {
        const tenants = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? 'central' : 'institute'));
        const found = await Promise.all(tenants.map((tenant) => packagesOf(ines, tenant)));
        expect(found).toEqual(tenants.map((tenant) => [`Package of ${tenant}`]));
      }),
    );
  });

  test('of a tenant that has none is a 404 that says so', async () => {
    const answer = await carl.send({ path: '/eholdings/packages' });
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('KB Credentials do not exist or user with userId');
  });
});

describe('§5.6 GET /eholdings/status', () => {
  test('is true for credentials that the knowledge base takes', async () => {
    expect(await withCredentials(cora, credentials('central'), () => isValid(cora))).toBe(true);
  });

  test('is false for a wrong key', async () => {
    expect(await withCredentials(cora, credentials('central', 'wrong'), () => isValid(cora))).toBe(false);
  });

  test('is false without credentials', async () => {
    expect(await isValid(carl)).toBe(false);
  });
});

describe('§5.6 the knowledge base', () => {
  test('refuses a wrong key with 401, which reaches the client as 403: it is not the client who must sign in', async () => {
    const answer = await withCredentials(cora, credentials('central', 'wrong'), () =>
      cora.send({ path: '/eholdings/packages' }),
    );
    expect(answer.status).toBe(403);
    expect(answer.json).toMatchObject({ errors: [{ title: 'the knowledge base answered 401' }] });
  });

  test('knows no such package or title: 404', async () => {
    await withCredentials(cora, credentials('central'), async () => {
      expect((await cora.send({ path: '/eholdings/packages/19-99' })).status).toBe(404);
      expect((await cora.send({ path: '/eholdings/titles/9' })).status).toBe(404);
    });
  });

  test('gives packages and titles in the shape of the eholdings interface', async () => {
    await withCredentials(cora, credentials('central'), async () => {
      expect((await cora.send({ path: '/eholdings/packages/19-1' })).json).toMatchObject({
        data: { id: '19-1', type: 'packages', attributes: { name: 'Package of central' } },
      });
      const titles = await cora.send({ path: '/eholdings/titles?filter[name]=package&page=1&count=5' });
      expect(titles.json).toMatchObject({ meta: { totalResults: 1 }, data: [{ id: '100', type: 'titles' }] });
    });
  });

  test('that cannot be reached is a 502', async () => {
    const nowhere = 'http://127.0.0.1:1';
    const answer = await withCredentials(cora, credentials('central', 'key', nowhere), () =>
      cora.send({ path: '/eholdings/packages' }),
    );
    expect(answer.status).toBe(502);
  });
});

describe('§5.6 kb-ebsco, called by somebody else than the gateway', () => {
  const MINE = { tenant: 'central', aud: 'mod-kb-ebsco-4.0.0' };
  const ask = async (headers: Readonly<Record<string, string>>): Promise<readonly [number, string]> => {
    const answer = await fetch(`${kbUrl()}/eholdings/kb-credentials`, { headers });
    return [answer.status, await answer.text()];
  };

  test.each([
    ['a token of another tenant', tokenOf({ ...MINE, tenant: 'college' }), 'different tenants'],
    ['a token without a tenant', tokenOf({ aud: MINE.aud }), 'different tenants'],
    ['no token at all in the header', 'garbage', 'different tenants'],
    ['a token for another module', tokenOf({ ...MINE, aud: 'mod-notes-1.0.0' }), 'for another module'],
    ["a token for no module: a user's", tokenOf({ tenant: 'central' }), 'for another module'],
  ])('refuses %s', async (_, token, message) => {
    const [status, text] = await ask({ 'x-okapi-tenant': 'central', 'x-okapi-token': token });
    expect([status, text]).toEqual([400, expect.stringContaining(message)]);
  });

  test('refuses a request without a token', async () => {
    expect((await ask({ 'x-okapi-tenant': 'central' }))[0]).toBe(400);
  });

  test('takes a token for it, of this gateway or of mod-authtoken', async () => {
    const { tenant, aud } = MINE;
    for (const payload of [MINE, { tenant, module: aud }]) {
      const headers = { 'x-okapi-tenant': 'central', 'x-okapi-token': tokenOf(payload) };
      expect((await ask(headers))[0]).toBe(200);
    }
  });
});

function tokenOf(payload: object): string {
  return `e30.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.c2ln`;
}
