import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aModule, type OkapiWorld, startOkapiWorld } from '../../support/okapi-world.ts';
import { OPERATOR_TOKEN } from '../../support/rumbrella.ts';

let world: OkapiWorld;
beforeAll(async () => {
  world = await startOkapiWorld('- user: { prefix: diku, expire: 2035-01-01 }\n');
});
afterAll(() => world?.remove());

const idsOf = async (query: string): Promise<readonly string[]> =>
  (await world.must('GET', `/_/proxy/modules?${query}`)).json<{ id: string }[]>().map(({ id }) => id);

describe('§2.1 GET /_/proxy/modules', () => {
  beforeAll(async () => {
    for (const version of ['1.0.0', '1.2.0', '1.10.0', '1.10.1-SNAPSHOT.5', '2.0.0', '1.0.1000055'])
      await world.add({ ...aModule(`mod-a-${version}`, { alpha: version.slice(0, 3) }), name: 'A' });
    await world.add(aModule('mod-ab-1.0.0', { beta: '1.0' }, { alpha: '1.2' }));
    await world.add({
      ...aModule('scoped-1.0.0'),
      provides: [{ id: 'scoped', version: '1.0', scope: ['green'] }],
    });
  });

  test('filters by product, and by the beginning of a version in whole numbers', async () => {
    expect(await idsOf('filter=mod-a')).toEqual([
      'mod-a-1.0.0',
      'mod-a-1.0.1000055',
      'mod-a-1.2.0',
      'mod-a-1.10.0',
      'mod-a-1.10.1-SNAPSHOT.5',
      'mod-a-2.0.0',
    ]);
    expect(await idsOf('filter=mod-a-1.1')).toEqual([]);
    expect(await idsOf('filter=mod-a-1.10')).toEqual(['mod-a-1.10.0', 'mod-a-1.10.1-SNAPSHOT.5']);
    expect(await idsOf('filter=mod-a-1.10.1')).toEqual(['mod-a-1.10.1-SNAPSHOT.5']);
  });

  test('gives id, name and tags, or all with full=true', async () => {
    const short = await world.must('GET', '/_/proxy/modules?filter=mod-a-2');
    expect(short.text).toBe('[ {\n  "id" : "mod-a-2.0.0",\n  "name" : "A"\n} ]');
    const full = await world.must('GET', '/_/proxy/modules?filter=mod-a-2&full=true');
    expect(full.json()).toMatchObject([{ provides: [{ id: 'alpha', version: '2.0' }] }]);
  });

  test('gives the latest of each product', async () => {
    expect(await idsOf('filter=mod-a&latest=1')).toEqual(['mod-a-2.0.0']);
    expect(await idsOf('filter=mod-a&latest=2')).toEqual(['mod-a-1.10.1-SNAPSHOT.5', 'mod-a-2.0.0']);
    expect(await idsOf('filter=mod-a&latest=1&preRelease=only')).toEqual(['mod-a-1.10.1-SNAPSHOT.5']);
  });

  test('leaves snapshots out, or gives nothing else', async () => {
    expect(await idsOf('filter=mod-a&preRelease=false&npmSnapshot=false')).toEqual([
      'mod-a-1.0.0',
      'mod-a-1.2.0',
      'mod-a-1.10.0',
      'mod-a-2.0.0',
    ]);
    expect(await idsOf('filter=mod-a&npmSnapshot=only&preRelease=false')).toEqual(['mod-a-1.0.1000055']);
  });

  test('finds who provides or requires an interface, in the very version that is given', async () => {
    expect(await idsOf('provide=alpha=1.2')).toEqual(['mod-a-1.2.0']);
    expect(await idsOf('provide=beta')).toEqual(['mod-ab-1.0.0']);
    expect(await idsOf('require=alpha=1.2')).toEqual(['mod-ab-1.0.0']);
    expect(await idsOf('require=alpha=1.1,alpha')).toEqual(['mod-ab-1.0.0']);
    expect(await idsOf('require=alpha=1.1')).toEqual([]);
    expect(await idsOf('provide=scoped&scope=green')).toEqual(['scoped-1.0.0']);
    expect(await idsOf('provide=scoped&scope=red')).toEqual([]);
  });

  test('orders by id, descending unless told otherwise', async () => {
    expect(await idsOf('filter=mod-a-1.10&orderBy=id')).toEqual(['mod-a-1.10.1-SNAPSHOT.5', 'mod-a-1.10.0']);
    expect(await idsOf('filter=mod-a-1.10&orderBy=id&order=asc')).toEqual([
      'mod-a-1.10.0',
      'mod-a-1.10.1-SNAPSHOT.5',
    ]);
  });

  test('draws a graph with dot=true', async () => {
    const { headers, text } = await world.must('GET', '/_/proxy/modules?dot=true&filter=mod-ab');
    expect(headers.get('content-type')).toBe('text/plain');
    expect(text).toBe(
      [
        'digraph okapi {',
        '  mod__ab__1_0_0 [label="mod-ab-1.0.0"];',
        '  missing_alpha_1_2 [label="missing alpha 1.2", color=red];',
        '  mod__ab__1_0_0 -> missing_alpha_1_2;',
        '}',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['orderBy=name', 'unknown orderBy field: name'],
    ['orderBy=id&order=up', 'invalid order value: up'],
    ['full=yes', 'Bad boolean for parameter full: yes'],
    ['latest=few', 'Bad format for parameter latest. For input string: "few"'],
    [
      'preRelease=never',
      'Expected "true", "false", "only" or undefined/null for parameter preRelease, but got: never',
    ],
  ])('%s is 400', async (query, text) => {
    const answer = await world.ask('GET', `/_/proxy/modules?${query}`);
    expect([answer.status, answer.text]).toEqual([400, text]);
  });

  test('leaves out what a list in the body names', async () => {
    const ids = await new Promise<string>((resolve, reject) => {
      const { hostname, port } = new URL(world.url);
      const path = '/_/proxy/modules?filter=mod-a';
      const list = '["mod-a-1.0.0","mod-a-2.0.0"]';
      // Node's client frames the body of a GET only when its length is said.
      const headers = { authorization: `Bearer ${OPERATOR_TOKEN}`, 'content-length': list.length };
      const sent = request({ method: 'GET', hostname, port, path, headers }, (answer) => {
        let body = '';
        answer.on('data', (chunk: Buffer) => (body += chunk.toString()));
        answer.on('end', () => resolve(body));
      });
      sent.on('error', reject);
      sent.end(list);
    });
    expect((JSON.parse(ids) as { id: string }[]).map(({ id }) => id)).toEqual([
      'mod-a-1.0.1000055',
      'mod-a-1.2.0',
      'mod-a-1.10.0',
      'mod-a-1.10.1-SNAPSHOT.5',
    ]);
  });

  test('has the built-in modules as well', async () => {
    expect(await idsOf('filter=mod-notes')).toEqual(['mod-notes-1.0.0']);
  });
});
