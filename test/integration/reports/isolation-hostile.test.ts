import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import type { ReportsWorld } from '../../support/reports-world.ts';
import {
  expectNothingOf,
  FORMATS,
  insertMarked,
  NEEDED,
  readable,
  startMarkedWorld,
  withQuery,
  wordsOfOthers,
} from './marked-world.ts';

const HOSTILE = [
  "' OR 1=1 --",
  "'; SELECT * FROM crow_webperf_rum_events --",
  'crow_webperf_rum_events',
  ') UNION ALL SELECT * FROM (SELECT 1',
  'a\0b',
  'charliecharlie-one.example',
  'a|b%7Cc',
  '\\',
  '\u202e👩‍🚀 ＝',
  'x'.repeat(2_000),
];

let world: ReportsWorld;

beforeAll(async () => {
  world = await startMarkedWorld();
  for (const tenant of ['bear', 'crow', 'deer']) await insertMarked(world, tenant);
  await world.rollUp('bear', 'crow');
}, 170_000);
afterAll(() => world.stop());

/** Asks and looks at the answer. What was asked for may be said again, so it is not looked for. */
const expectHarmless = async (
  path: string,
  query: Readonly<Record<string, string>>,
  value: string,
): Promise<void> => {
  const request = withQuery(path, query);
  const { status, text } = await world.ask('bear', request);
  expect([200, 400, 404], `${request} ${text}`).toContain(status);
  const said = status === 200 ? withoutSelections(text) : text;
  const words = wordsOfOthers('bear').filter((word) => status === 200 || !value.includes(word));
  expectNothingOf(words, said, request);
  if (!/SELECT|webperf/.test(value)) expect(said).not.toMatch(/SELECT|webperf_rum|DB::|Exception/);
};

const withoutSelections = (text: string): string =>
  JSON.stringify(JSON.parse(text), (key, value: unknown) => (key === 'selection' ? undefined : value));

describe('reports of one tenant', () => {
  it('take every hostile value as a value: nothing of others, nothing of the warehouse, and never a failure', async () => {
    const all = HOSTILE.map(encodeURIComponent).join('|');
    for (const { path, parameters } of REPORTS) {
      const own = path.replace('{id}', '1-1');
      const given = NEEDED[path] ?? {};
      for (const name of [...Object.keys(parameters.shape), 'unknown']) {
        const filters = name.endsWith('filter') ? [`page_group:is:${all}`, `url_path:contains:${all}`] : [];
        for (const value of [...HOSTILE, ...filters])
          await expectHarmless(own, { ...given, [name]: value }, value);
      }
    }
    for (const value of HOSTILE)
      for (const op of ['is_not', 'begins'])
        await expectHarmless(
          '/reports/summary',
          { filter: `city:${op}:${encodeURIComponent(value)}` },
          value,
        );
  }, 120_000);

  it('find no page view of another tenant, and none by a hostile id', async () => {
    const theirs = (await world.ask('crow', '/reports/page-views')).json() as { views: { id: string }[] };
    expect(theirs.views.length).toBeGreaterThan(10);
    for (const { id } of theirs.views.slice(0, 10)) {
      expect((await world.ask('crow', `/reports/page-views/${id}`)).status).toBe(200);
      for (const format of FORMATS) {
        const answer = await world.ask('bear', `/reports/page-views/${id}?format=${format}`);
        expect(answer.status).toBe(404);
        expectNothingOf(wordsOfOthers('bear'), await readable(world, answer), id);
      }
    }
    for (const id of [...HOSTILE, '%', '..', '1-1', '-', `${theirs.views[0]?.id}'`]) {
      const { status, text } = await world.ask('bear', `/reports/page-views/${encodeURIComponent(id)}`);
      expect([400, 404, 414], `${id} ${text}`).toContain(status);
      expect(text).not.toMatch(/webperf_rum_events\b(?<!crow_webperf_rum_events)|DB::/);
    }
  });
});
