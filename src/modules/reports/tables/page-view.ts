import type { PageViewAnswer } from '../contract.ts';
import { furtherTable } from '../report.ts';

/** What a page view says besides the resources that it fetched. */
export const PAGE_VIEW_TABLES = {
  view: furtherTable(
    {
      id: 'text',
      started_at: 'moment',
      url: 'text',
      hostname: 'text',
      session_id: 'text',
      page_id: 'text',
      device: 'text',
      browser: 'text',
      country: 'text',
      lcp: 'number',
      inp: 'number',
      cls: 'number',
      fcp: 'number',
      ttfb: 'number',
      previous: 'text',
      next: 'text',
    },
    ({ view, previous, next }: PageViewAnswer) => [
      {
        id: view.id,
        started_at: view.startedAt,
        url: view.url,
        hostname: view.hostname,
        session_id: view.sessionId,
        page_id: view.pageId,
        device: view.device,
        browser: view.browser,
        country: view.country,
        ...view.vitals,
        previous,
        next,
      },
    ],
  ),
  /** Lists and objects as JSON. */
  facts: furtherTable({ name: 'text', value: 'text' }, ({ facts }: PageViewAnswer) =>
    Object.entries(facts).map(([name, value]) => ({ name, value: factText(value) })),
  ),
  moments: furtherTable({ name: 'text', at: 'number', value: 'number' }, ({ moments }: PageViewAnswer) =>
    moments.map(({ name, at, value }) => ({ name, at, value })),
  ),
  /** A line for each parameter; a beacon without any has one without a name. */
  beacons: furtherTable(
    {
      beacon: 'whole',
      at: 'moment',
      kind: 'text',
      segment: 'text',
      offset: 'text',
      name: 'text',
      value: 'text',
    },
    ({ beacons }: PageViewAnswer) =>
      beacons.flatMap(({ at, kind, segment, offset, parameters }, index) => {
        const named: readonly (readonly [string | null, string | null])[] = Object.entries(parameters);
        return (named.length === 0 ? [[null, null] as const] : named).map(([name, value]) => ({
          beacon: index + 1,
          at,
          kind,
          segment,
          offset,
          name,
          value,
        }));
      }),
  ),
};

const factText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};
