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
  /** A line for each element of each shift; a shift that names none has one without. */
  layout_shifts: furtherTable(
    {
      at: 'whole',
      value: 'number',
      selector: 'text',
      from_x: 'number',
      from_y: 'number',
      from_width: 'number',
      from_height: 'number',
      to_x: 'number',
      to_y: 'number',
      to_width: 'number',
      to_height: 'number',
    },
    ({ layoutShifts }: PageViewAnswer) =>
      layoutShifts.flatMap(({ at, value, elements }) =>
        (elements.length === 0 ? [NO_ELEMENT] : elements).map(({ selector, from, to }) => ({
          at,
          value,
          selector,
          from_x: from?.x ?? null,
          from_y: from?.y ?? null,
          from_width: from?.width ?? null,
          from_height: from?.height ?? null,
          to_x: to?.x ?? null,
          to_y: to?.y ?? null,
          to_width: to?.width ?? null,
          to_height: to?.height ?? null,
        })),
      ),
  ),
  slow_events: furtherTable(
    {
      name: 'text',
      start: 'whole',
      duration: 'whole',
      processing: 'whole',
      is_cancelable: 'flag',
      is_first: 'flag',
      interaction: 'whole',
      target: 'text',
    },
    ({ slowEvents }: PageViewAnswer) =>
      slowEvents.map(({ isCancelable, isFirst, ...event }) => ({
        ...event,
        is_cancelable: isCancelable,
        is_first: isFirst,
      })),
  ),
  errors: furtherTable(
    {
      error: 'whole',
      at: 'whole',
      time: 'moment',
      count: 'whole',
      type: 'text',
      message: 'text',
      via: 'text',
      source: 'text',
      code: 'whole',
      extra: 'text',
    },
    ({ errors }: PageViewAnswer) =>
      errors.map(({ at, time, count, type, message, via, source, code, extra }, index) => ({
        error: index + 1,
        at,
        time,
        count,
        type,
        message,
        via,
        source,
        code,
        extra,
      })),
  ),
  /** A line for each frame of each error, by the error's number in `errors`. */
  error_frames: furtherTable(
    { error: 'whole', frame: 'whole', function: 'text', file: 'text', line: 'whole', column: 'whole' },
    ({ errors }: PageViewAnswer) =>
      errors.flatMap(({ frames }, index) =>
        frames.map((frame, place) => ({ error: index + 1, frame: place + 1, ...frame })),
      ),
  ),
  /** A line for each event before an error. */
  error_events: furtherTable(
    {
      error: 'whole',
      kind: 'text',
      before: 'number',
      tag: 'text',
      id: 'text',
      name: 'text',
      method: 'text',
      url: 'text',
      result: 'text',
      severity: 'text',
      message: 'text',
    },
    ({ errors }: PageViewAnswer) =>
      errors.flatMap(({ events }, index) => events.map((event) => ({ error: index + 1, ...event }))),
  ),
  boomerang_files: furtherTable(
    {
      file: 'text',
      start: 'whole',
      request_start: 'whole',
      response_start: 'whole',
      end: 'whole',
      redirect: 'whole',
      dns: 'whole',
      connect: 'whole',
      tls: 'whole',
    },
    ({ boomerangFiles }: PageViewAnswer) =>
      boomerangFiles.map(({ requestStart, responseStart, ...file }) => ({
        ...file,
        request_start: requestStart,
        response_start: responseStart,
      })),
  ),
  /** A line for each thing that the page noted about a resource. */
  resource_data: furtherTable(
    { url: 'text', start: 'whole', name: 'text', value: 'text' },
    ({ resources }: PageViewAnswer) =>
      resources.flatMap(({ url, start, ownData }) =>
        ownData.map(({ name, value }) => ({ url, start, name, value })),
      ),
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

const NO_ELEMENT = { selector: null, from: null, to: null };
const NO_FRAME = { work: null, container: null, name: null, id: null, src: null };

const factText = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
};
