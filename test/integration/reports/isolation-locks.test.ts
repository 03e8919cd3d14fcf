import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LiveAnswer, SitesAnswer } from '../../../src/modules/reports/contract.ts';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { NOON } from '../../support/gateway-world.ts';
import { sitesOf } from '../../support/marked-beacons.ts';
import type { ReportsWorld } from '../../support/reports-world.ts';
import {
  expectNothingOf,
  insertMarked,
  NEEDED,
  plainRequests,
  readable,
  several,
  startMarkedWorld,
  steady,
  withQuery,
  wordsOfOthers,
} from './marked-world.ts';

const OPEN_LOCK = { site: null, from: null, to: null, filters: [] };
const SECOND_SITE = sitesOf('bravobravo')[1];
/** To what accounts of bear are held: each of these says in its own way that they see the second site alone. */
const LOCKS: Readonly<Record<string, object>> = {
  'one site': { ...OPEN_LOCK, site: SECOND_SITE },
  'a filter': {
    ...OPEN_LOCK,
    filters: [{ dimension: 'hostname', op: 'is', values: [SECOND_SITE] }],
  },
  // The page views of these minutes are of the second site.
  'a period': {
    ...OPEN_LOCK,
    from: new Date(NOON - 19 * 60_000).toISOString(),
    to: new Date(NOON - 11 * 60_000).toISOString(),
  },
};

let world: ReportsWorld;

beforeAll(async () => {
  world = await startMarkedWorld((userId) => LOCKS[userId] ?? null);
  for (const tenant of ['bear', 'crow', 'deer']) await insertMarked(world, tenant);
  await world.rollUp('bear', 'crow');
}, 300_000);
afterAll(() => world.stop());

describe.each(Object.keys(LOCKS))('an account that is held to %s', (user) => {
  const [other, own] = sitesOf('bravobravo');
  const ask = (path: string) => world.ask('bear', path, 'bear', user);

  it('sees nothing of the other site, whatever it asks and in whatever format', async () => {
    const list = (await ask('/reports/page-views')).json() as { views: { id: string }[] };
    expect(list.views.length).toBeGreaterThan(2);
    const requests = plainRequests(list.views[0]?.id ?? '');
    const shown = new Set<string>();
    await several(requests, async (path) => {
      const answer = await ask(path);
      const { status } = answer;
      expect([200, 403], path).toContain(status);
      const text = await readable(world, answer);
      expectNothingOf(wordsOfOthers('bear'), text, path);
      // That it asked for the other site is said again, nothing else.
      if (status === 200) expectNothingOf([other], text, path);
      if (text.includes(own)) shown.add(path.split(/[/?]/)[2] ?? '');
    });
    expect(shown.has('sites') && shown.has('page-views') && shown.has('live')).toBe(true);
  });

  it('finds no page view of the other site', async () => {
    const path = `/reports/page-views?site=${other}`;
    const others = (await world.ask('bear', path)).json() as { views: { id: string }[] };
    expect(others.views.length).toBeGreaterThan(10);
    for (const { id } of others.views.slice(0, 5))
      expect((await ask(`/reports/page-views/${id}`)).status).toBe(404);
  });

  it('cannot tell the other site from one that does not exist', async () => {
    for (const { path, parameters } of REPORTS) {
      if (!Object.hasOwn(parameters.shape, 'site')) continue;
      const answers = await Promise.all(
        [other, 'nobody.example'].map(async (site) => {
          const { status, text } = await ask(withQuery(path, { ...NEEDED[path], site }));
          return [status, steady(Buffer.from(text)).replaceAll(site, '')];
        }),
      );
      expect(answers[0], path).toEqual(answers[1]);
    }
  });

  it('is told when the last beacon came only of a site that it sees whole', async () => {
    const sites = (await ask('/reports/sites')).json() as SitesAnswer;
    const live = (await ask('/reports/live')).json() as LiveAnswer;
    const moments = [...sites.sites.map(({ lastBeaconAt }) => lastBeaconAt), live.lastBeaconAt];
    const expected = user === 'one site' ? '2026-11-22T11:59:00.000Z' : null;
    expect(moments).toEqual([expected, expected]);
  });
});
