import { ENOUGH_TO_RATE } from '#vitals';
import { type Dimension, ROLLUP_DIMENSIONS } from '#warehouse';
import { conditionOf } from '../condition.ts';
import type { ComparedCount, LikelyCause } from '../contract.ts';
import { periodOf } from '../selection.ts';
import type { TenantViews } from '../tenant-views.ts';

/** Not looked at: what has as many values as pages, or says the result again. */
const LEFT_OUT: ReadonlySet<Dimension> = new Set<Dimension>([
  'url_path',
  'city',
  'referrer_host',
  'navigation',
  'lcp_selector',
  'inp_selector',
  'cls_selector',
]);

const LOOKED_AT = ROLLUP_DIMENSIONS.filter((dimension) => !LEFT_OUT.has(dimension));

/** So many page views of each side are looked at; shares of that many are within half a point. */
const SAMPLE = 50_000;

/** So many values of a dimension are compared; all others count as one. */
const MOST_VALUES = 200;

/**
 * Dimensions by how much their shares of page views differ between two selections (total variation distance), each with the value that differs
 * most. Large selections are sampled by a hash of the page view. Empty when one side has too few page views.
 */
export const likelyCauses = async (
  views: TenantViews,
  a: ComparedCount,
  b: ComparedCount,
): Promise<readonly LikelyCause[]> => {
  if (Math.min(a.views, b.views) < ENOUGH_TO_RATE) return [];
  const [sharesA, sharesB] = await Promise.all([a, b].map((side) => sharesOfValues(views, side)));
  return LOOKED_AT.map((dimension) =>
    causeOf(dimension, sharesA?.get(dimension) ?? new Map(), sharesB?.get(dimension) ?? new Map()),
  )
    .filter(({ distance }) => distance > 0)
    .toSorted((x, y) => y.distance - x.distance);
};

type Shares = ReadonlyMap<string, number>;

const causeOf = (dimension: Dimension, a: Shares, b: Shares): LikelyCause => {
  const differences = [...new Set([...a.keys(), ...b.keys()])].map((value) => {
    const [shareA, shareB] = [a.get(value) ?? 0, b.get(value) ?? 0];
    return { value, shareA, shareB, difference: Math.abs(shareA - shareB) };
  });
  const rest = Math.abs(restOf(a) - restOf(b));
  const distance = (differences.reduce((sum, { difference }) => sum + difference, 0) + rest) / 2;
  const [most] = differences.toSorted((x, y) => y.difference - x.difference);
  const { value = '', shareA = 0, shareB = 0 } = most ?? {};
  return { dimension, distance, value, shareA, shareB };
};

const restOf = (shares: Shares): number => 1 - shares.values().reduce((sum, share) => sum + share, 0);

type Row = readonly [dimension: number, value: string, n: number, all: number];

const sharesOfValues = async (
  views: TenantViews,
  side: ComparedCount,
): Promise<ReadonlyMap<Dimension, Shares>> => {
  const { sql, parameters } = conditionOf(side.selection);
  const every = Math.max(1, Math.floor(side.views / SAMPLE));
  const rows = await views.read<Row>(
    [periodOf(side.selection)],
    (from) => `SELECT number, value, n, sum(n) OVER (PARTITION BY number) AS sampled FROM (
        SELECT number, value, count() AS n
        FROM (SELECT [${LOOKED_AT.map((name) => `toString(${name})`).join(', ')}] AS names FROM ${from} WHERE ${sql} AND view % {every:UInt64} = 0)
        ARRAY JOIN names AS value, arrayEnumerate(names) AS number
        GROUP BY number, value)
      ORDER BY n DESC, value LIMIT {values:UInt32} BY number`,
    { ...parameters, every, values: MOST_VALUES },
  );
  const shares = new Map<Dimension, Map<string, number>>();
  for (const [number, value, n, all] of rows) {
    const dimension = LOOKED_AT[number - 1];
    if (dimension === undefined) continue;
    const known = shares.get(dimension) ?? new Map<string, number>();
    shares.set(dimension, known.set(value, n / all));
  }
  return shares;
};
