import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createAdminClient } from '../../support/admin-client.ts';
import { type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { poll } from '../../support/poll.ts';
import { startRumbrella } from '../../support/rumbrella.ts';

/** The smallest module: writes what it was given into a file, and answers. Split at spaces, so it has none. */
const program = `require('fs').writeFileSync(process.argv[2],JSON.stringify(process.env));require('http').createServer((q,s)=>q.url==='/end'?process.exit(3):s.end('here')).listen(+process.argv[1])`;

let world: OkapiWorld;
let file: string;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n', {
    RUMBRELLA_GATEWAY_ALLOW_EXEC: 'true',
  });
  file = join(world.server.folder, 'env.json');
  for (const id of ['runs-1.0.0', 'runs-1.1.0']) {
    await world.add({
      id,
      launchDescriptor: {
        exec: `${process.execPath} -e ${program} %p ${file}`,
        env: [{ name: 'OWN', value: id }],
      },
    });
  }
});
afterAll(() => world?.remove());

const instances = async (path = '/_/discovery/modules') =>
  (await world.must('GET', path)).json<{ srvcId: string; instId: string; url: string; nodeId: string }[]>();

describe('§2.7 deployment, with allow_exec', () => {
  test('starts a module with the environment, and ends it', async () => {
    await world.must('POST', '/_/env', { name: 'DB_HOST', value: 'db.example' });
    const answer = await world.must('POST', '/_/discovery/modules', {
      srvcId: 'runs-1.0.0',
      nodeId: 'localhost',
    });
    const started = answer.json<{ instId: string; url: string }>();
    expect(answer.headers.get('location')).toBe(`/_/discovery/modules/runs-1.0.0/${started.instId}`);
    expect(await (await fetch(started.url)).text()).toBe('here');
    const env = JSON.parse(await readFile(file, 'utf8')) as Record<string, string>;
    expect(env).toMatchObject({ DB_HOST: 'db.example', OWN: 'runs-1.0.0' });
    expect(Object.keys(env).filter((name) => name.startsWith('RUMBRELLA_'))).toEqual([]);
    expect(await instances('/_/deployment/modules')).toEqual([started]);
    expect((await world.ask('DELETE', `/_/discovery/modules/runs-1.0.0/${started.instId}`)).status).toBe(204);
    await expect(fetch(started.url)).rejects.toThrow('fetch failed');
    expect(await instances('/_/deployment/modules')).toEqual([]);
  });

  test('is also there under its own path', async () => {
    const answer = await world.must('POST', '/_/deployment/modules', { srvcId: 'runs-1.0.0', instId: 'own' });
    expect(answer.headers.get('location')).toBe('/_/deployment/modules/own');
    expect(
      await world.ask('POST', '/_/deployment/modules', { srvcId: 'runs-1.0.0', instId: 'own' }),
    ).toMatchObject({
      status: 400,
      text: 'already deployed: own',
    });
    expect((await world.must('GET', '/_/deployment/modules/own')).json()).toEqual(answer.json());
    expect((await instances()).map(({ instId }) => instId)).toEqual(['own']);
    expect((await world.ask('DELETE', '/_/deployment/modules/own')).status).toBe(204);
    expect(await world.ask('DELETE', '/_/deployment/modules/own')).toMatchObject({
      status: 404,
      text: 'not found: own',
    });
    expect(await instances()).toEqual([]);
  });

  test('forgets a module that ends by itself', async () => {
    const { url } = (
      await world.must('POST', '/_/discovery/modules', { srvcId: 'runs-1.0.0', nodeId: 'localhost' })
    ).json<{ url: string }>();
    await fetch(`${url}/end`).catch(() => undefined);
    await poll('the instance is forgotten', async () => (await instances()).length === 0);
  });

  test('names why a module cannot be started', async () => {
    const start = (descriptor: object) =>
      world.ask('POST', '/_/deployment/modules', { srvcId: 'runs-1.0.0', descriptor });
    expect((await start({ exec: '/nowhere/at/all %p' })).text).toContain('ENOENT');
    expect((await start({ exec: `${process.execPath} -e process.exit(7) %p` })).text).toContain(
      'the process ended with code 7',
    );
    expect((await start({ exec: 'no-port' })).text).toBe('Can not deploy: No %p in the exec line');
    expect((await start({ dockerImage: 'x' })).text).toBe(
      'Module runs-1.0.0 has no exec in its launchDescriptor',
    );
  });

  test('§2.4 deploy=true starts what is enabled and ends what nobody needs any more', async () => {
    await world.must('POST', '/_/proxy/tenants/diku/install?deploy=true', [{ id: 'runs-1.0.0' }]);
    expect(await instances()).toMatchObject([{ srvcId: 'runs-1.0.0' }]);
    await world.must('POST', '/_/proxy/tenants/diku/install?deploy=true', [{ id: 'runs-1.1.0' }]);
    expect(await instances()).toMatchObject([{ srvcId: 'runs-1.1.0' }]);
    await world.must('POST', '/_/proxy/tenants/diku/install?deploy=true', [
      { id: 'runs-1.1.0', action: 'disable' },
    ]);
    expect(await instances()).toEqual([]);
  });

  test('a restart keeps modules, tenants and enabling, and forgets processes that a killed server left', async () => {
    const { pid } = world.server.process;
    await world.must('POST', '/_/proxy/tenants/diku/modules', { id: 'runs-1.0.0' });
    const { url } = (
      await world.must('POST', '/_/discovery/modules', { srvcId: 'runs-1.0.0', nodeId: 'localhost' })
    ).json<{ url: string }>();
    await world.must('POST', '/_/discovery/modules', {
      srvcId: 'runs-1.1.0',
      instId: 'by hand',
      url: 'http://127.0.0.1:9',
    });
    expect(pid).toBeGreaterThan(0);
    await world.server.end('SIGKILL');
    const again = await startRumbrella({ folder: world.server.folder, env: { RUMBRELLA_DEMO: 'off' } });
    const client = createAdminClient(again.url);
    const found = (await client.must('GET', '/_/discovery/modules')).json<{ instId: string }[]>();
    expect(found.map(({ instId }) => instId)).toEqual(['by hand']);
    expect((await client.must('GET', '/_/proxy/tenants/diku/modules')).text).toContain('runs-1.0.0');
    expect((await client.must('GET', '/_/env/DB_HOST')).json()).toMatchObject({ value: 'db.example' });
    await again.end();
    await fetch(`${url}/end`).catch(() => undefined);
  });
});
