import { expect } from 'vitest';
import { tableNames } from '#warehouse';
import { REPORTS } from '../../../src/modules/reports/module.ts';
import { readParquet } from '../../support/read-exports.ts';
import { markedBeacons, type Marked, sitesOf } from '../../support/marked-beacons.ts';
import { type ReportsWorld, startReportsWorld } from '../../support/reports-world.ts';
import { testTenant } from '../../support/warehouse.ts';

/** Three members whose data differ in every text, and an umbrella that may act for one of them. */
export const MARKS: Readonly<Record<string, Marked>> = {
  bear: { word: 'bravobravo', country: 'BG', views: 120, lcp: 1_100 },
  crow: { word: 'charliecharlie', country: 'CH', views: 77, lcp: 5_200 },
  deer: { word: 'deltadelta', country: 'DK', views: 55, lcp: 9_300 },
};

const USERS = `
- user: { prefix: bear, brum_trace: Tbearbear1, expire: 2028-01-01 }
- user: { prefix: crow, brum_trace: Tcrowcrow1, expire: 2028-01-01 }
- user: { prefix: deer, brum_trace: Tdeerdeer1, expire: 2028-01-01 }
- user: { prefix: umbrella, expire: 2028-01-01 }
- relation: { tenant: umbrella, executes_as: [bear], modules: [reports], permissions: ["reports.*"], expire: 2027-12-31 }
`;

/** Starts a world with tables, but without data. `lockOf`: to what users are held. */
export const startMarkedWorld = (
  lockOf: (userId: string) => object | null = () => null,
): Promise<ReportsWorld> =>
  startReportsWorld({
    users: USERS,
    tenants: Object.keys(MARKS),
    held: (_, userId) => (userId === 'nobody' ? [] : ['reports.get', 'reports.page-views.get']),
    lockOf,
  });

/** Stores the marked page views of a member, and that its sites were seen. */
export const insertMarked = async (world: ReportsWorld, tenant: string): Promise<void> => {
  const marked = MARKS[tenant];
  if (marked === undefined) throw new Error(`no marks of ${tenant}`);
  await world.insert(testTenant(tenant).id, markedBeacons(marked));
  const { hostnames } = tableNames(testTenant(tenant).id);
  await world.warehouse.run(
    `INSERT INTO ${hostnames} VALUES ${sitesOf(marked.word)
      .map((site) => `('${site}', '2026-11-22 11:59:00')`)
      .join(', ')}`,
  );
};

/** The id of some page view of a member. */
export const anyPageView = async (
  world: ReportsWorld,
  tenant: string,
  userId = 'user-1',
): Promise<string> => {
  const answer = await world.ask(tenant, '/reports/page-views', tenant, userId);
  return (answer.json() as { views: { id: string }[] }).views[0]?.id ?? '';
};

/** A path with a query. */
export const withQuery = (path: string, query: Readonly<Record<string, string>>): string =>
  `${path}?${new URLSearchParams(query).toString()}`;

/** What a report does not answer without. */
export const NEEDED: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  '/reports/breakdown': { dimension: 'url_path' },
};

/** The formats of answers. */
export const FORMATS = ['json', 'csv', 'ndjson', 'parquet'] as const;

/** Every report and each of its tables in every format, with each of its choices, as one asks that has no bad intentions. `id`: of a page view. */
export const plainRequests = (id: string): readonly string[] =>
  REPORTS.flatMap(({ path, parameters, tables }) => {
    const own = path.replace('{id}', id);
    const given = NEEDED[path] ?? {};
    const formats = FORMATS.map((format) => withQuery(own, { ...given, format }));
    const more: Readonly<Record<string, readonly string[]>> = {
      navigations: path === '/reports/summary' ? ['all'] : [],
      compare: ['previous'],
      dimension: ['hostname', 'country', 'lcp_selector'],
      split: ['hostname'],
      order: path === '/reports/page-views' ? ['newest'] : [],
      'b.site': [sitesOf('bravobravo')[1]],
      search: ['bravo'],
    };
    const choices = Object.entries(more)
      .filter(([name]) => Object.hasOwn(parameters.shape, name))
      .flatMap(([name, values]) => values.map((value) => withQuery(own, { ...given, [name]: value })));
    const further = tables.flatMap((table) =>
      FORMATS.slice(1).map((format) => withQuery(own, { ...given, table, format })),
    );
    return [...formats, ...further, ...choices];
  });

/** An answer without what differs from one time to the next. */
export const steady = (bytes: Buffer): string => bytes.toString('latin1').replace(/"elapsedMs":\d+/g, '');

/** All that somebody can read in an answer: what is packed in a Parquet file as well. */
export const readable = async (
  world: Pick<ReportsWorld, 'warehouse'>,
  { bytes, headers }: { readonly bytes: Buffer; readonly headers: object },
): Promise<string> => {
  const isParquet = bytes.subarray(0, 4).toString() === 'PAR1';
  const unpacked = isParquet ? JSON.stringify(await readParquet(world.warehouse, bytes)) : '';
  return `${JSON.stringify(headers)}\n${bytes.toString()}\n${unpacked}`;
};

/** Does it for each, three at a time. */
export const several = async <T>(list: readonly T[], each: (item: T) => Promise<void>): Promise<void> => {
  const left = [...list];
  const work = async (): Promise<void> => {
    for (let item = left.pop(); item !== undefined; item = left.pop()) await each(item);
  };
  await Promise.all([work(), work(), work()]);
};

/** What stands in the data of all members but this one. */
export const wordsOfOthers = (tenant: string): readonly string[] =>
  Object.entries(MARKS)
    .filter(([id]) => id !== tenant)
    .flatMap(([id, { word }]) => [word, id]);

/** None of the words stands in a text. */
export const expectNothingOf = (words: readonly string[], text: string, why: string): void => {
  for (const word of words) expect(text.includes(word), `${why} shows ${word}`).toBe(false);
};
