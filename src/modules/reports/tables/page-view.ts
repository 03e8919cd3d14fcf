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
  timeline: furtherTable({ name: 'text', at: 'whole', value: 'whole' }, ({ timeline }: PageViewAnswer) =>
    timeline.flatMap(({ name, buckets }) => buckets.map(({ at, value }) => ({ name, at, value }))),
  ),
  /** A line for each frame that a task names; a task that names none has one without. */
  long_tasks: furtherTable(
    {
      start: 'whole',
      duration: 'whole',
      origin: 'text',
      work: 'text',
      container: 'text',
      name: 'text',
      id: 'text',
      src: 'text',
    },
    ({ longTasks }: PageViewAnswer) =>
      longTasks.flatMap(({ start, duration, origin, attribution }) =>
        (attribution.length === 0 ? [NO_FRAME] : attribution).map((frame) => ({
          start,
          duration,
          origin,
          ...frame,
        })),
      ),
  ),
  interactions: furtherTable(
    { at: 'whole', kind: 'text', x: 'whole', y: 'whole', state: 'text' },
    ({ interactions }: PageViewAnswer) => interactions.map((each) => ({ ...each })),
  ),
  /** A line for each metric of each resource. */
  server_timing: furtherTable(
    { url: 'text', start: 'whole', name: 'text', duration: 'number', description: 'text' },
    ({ resources }: PageViewAnswer) =>
      resources.flatMap(({ url, start, serverTiming }) =>
        serverTiming.map(({ name, duration, description }) => ({ url, start, name, duration, description })),
      ),
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

const NO_FRAME = { work: null, container: null, name: null, id: null, src: null };

const factText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};
