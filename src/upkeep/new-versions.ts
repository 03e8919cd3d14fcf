/** Page views of a site that a version of Boomerang measured, in the time that is looked at. */
export interface VersionRow {
  readonly site: string;
  readonly version: string;
  /** Epoch ms of the first of them. */
  readonly first: number;
  readonly views: number;
}

/** A version that came to a site within that time. */
export interface NewVersion {
  readonly site: string;
  readonly version: string;
  readonly first: number;
  /** What measured most of the site's page views among those that were there before. */
  readonly before: string;
}

const DAY_MS = 86_400_000;
/** Less may be anybody's: what a beacon says of its version is text from outside. */
const FEWEST_VIEWS = 100;
const SMALLEST_SHARE = 0.01;
/** Of one site; whoever makes versions up fills nobody's charts. */
const MOST = 3;

/**
 * Which versions are new to their sites, the oldest first. What is there within the first day of a site was there from the beginning: a
 * new site has no other version to compare with.
 */
export const newVersions = (rows: readonly VersionRow[]): readonly NewVersion[] =>
  [...Map.groupBy(rows, ({ site }) => site)].flatMap(([site, all]) => {
    const begin = Math.min(...all.map(({ first }) => first));
    const views = all.reduce((sum, row) => sum + row.views, 0);
    const [before] = all
      .filter(({ first }) => first < begin + DAY_MS)
      .toSorted((a, b) => b.views - a.views || (a.version < b.version ? -1 : 1));
    return all
      .filter((row) => row.first >= begin + DAY_MS)
      .filter((row) => row.views >= FEWEST_VIEWS && row.views >= views * SMALLEST_SHARE)
      .toSorted((a, b) => a.first - b.first)
      .slice(0, MOST)
      .map(({ version, first }) => ({ site, version, first, before: before?.version ?? '' }));
  });
