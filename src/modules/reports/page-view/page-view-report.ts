import type { VitalId } from '#vitals';
import type { PageViewAnswer } from '../contract.ts';
import { parameterFault, refusal } from '../faults.ts';
import { report } from '../report.ts';
import { PAGE_VIEW_TABLES } from '../tables/page-view.ts';
import type { TenantViews } from '../tenant-views.ts';
import { parametersOf } from './beacon-parameters.ts';
import { boomerangFilesOf } from './boomerang-files.ts';
import { type PageViewId, readPageViewId, writePageViewId } from './id.ts';
import { layoutShiftsOf, type ShiftFacts } from './layout-shifts.ts';
import { isGenerated, LINE_COLUMNS, lineOf, type SourceLine } from './line.ts';
import { type MomentFacts, momentsOf, type ShiftFact } from './moments.ts';
import { findKey, type FoundPageView, type PageViewKey, readPageView } from './read-page-view.ts';
import { otherOf, type OtherParameters } from './other-parameters.ts';
import { interactionsOf, longTasksOf, slowEventsOf, timelineOf } from './over-time.ts';
import { errorsOf } from './page-errors.ts';
import { RESOURCE_COLUMNS, resourceRow } from './resource-row.ts';
import { resourcesOf } from './resources.ts';

/** `GET /reports/page-views/{id}` */
export const pageViewReport = report({
  path: '/reports/page-views/{id}',
  permission: 'reports.page-views.get',
  description:
    'One page view: its facts, moments and resources, what happened over time, what moved and what failed, the beacons that it was put together from, and its neighbours in the session',
  parameters: {},
  answer: async (asked): Promise<PageViewAnswer> => {
    const text = asked.params['id'] ?? '';
    const id = readPageViewId(text);
    if (id === null)
      throw refusal(400, parameterFault('id', text, 'the id of a page view, as in /reports/page-views'));
    // Whether it may be seen at all is decided by the page views' source; what beacons say is read after that.
    const key = await findKey(asked, id);
    const { line, previous, next } = key === null ? NOT_FOUND : await findLine(asked.views, id, key);
    const found = line === null || key === null ? null : await readPageView(asked, id, key);
    if (line === null || found === null)
      throw refusal(404, {
        message: 'there is no such page view (any more)',
        code: 'PAGE_VIEW_UNKNOWN',
        parameters: [{ key: 'id', value: text.slice(0, 40) }],
      });
    const { hostname, sessionId, pageId } = found.key;
    const others = found.beacons.map(othersOf);
    const shiftFacts = found.beacons.map(shiftFactsOf);
    return {
      view: { ...lineOf(line, exactOf(found)), hostname, sessionId, pageId },
      facts: factsOf(found),
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- columns of a page view, typed by its schema
      moments: momentsOf(found.columns as unknown as MomentFacts, shiftFacts.flatMap(shiftsOf)),
      resources: resourcesOf(
        found.beacons.map((beacon, index) => ({
          restiming: textOf(beacon['restiming']),
          serverTiming: otherOf(others[index] ?? {}, 'servertiming'),
        })),
      ),
      timeline: timelineOf(others),
      longTasks: longTasksOf(others),
      interactions: interactionsOf(others),
      layoutShifts: layoutShiftsOf(shiftFacts),
      slowEvents: slowEventsOf(others),
      errors: errorsOf(others, textOf(found.columns['url'])),
      boomerangFiles: boomerangFilesOf(others),
      beacons: found.beacons.map((beacon) => ({
        at: textOf(beacon['received_at']),
        kind: textOf(beacon['event_type']),
        segment: textOf(beacon['journal_segment']),
        offset: textOf(beacon['journal_offset']),
        parameters: parametersOf(beacon),
      })),
      previous,
      next,
      source: asked.views.source(isGenerated(line)),
    };
  },
  columns: RESOURCE_COLUMNS,
  rows: ({ resources }) => resources.map(resourceRow),
  tables: PAGE_VIEW_TABLES,
});

/** A session's page views are looked for so far before and after. */
const SESSION_MS = 12 * 3_600_000;
const MOST_OF_SESSION = 2_000;

/** The page view in the source, and the ids of its neighbours there. */
interface Place {
  readonly line: SourceLine | null;
  readonly previous: string | null;
  readonly next: string | null;
}

const NOT_FOUND: Place = { line: null, previous: null, next: null };

const findLine = async (
  views: TenantViews,
  { second, hash }: PageViewId,
  { sessionId }: PageViewKey,
): Promise<Place> => {
  const around = sessionId === '' ? 0 : SESSION_MS;
  // The roll-up's `session` is this hash, 0 for none.
  const rows = await views.read<SourceLine>(
    [{ from: second * 1_000 - around, to: (second + 1) * 1_000 + around }],
    (from) => `SELECT ${LINE_COLUMNS} FROM ${from}
      WHERE (view = {view:UInt64} OR session = if({session:String} = '', 0, cityHash64({session:String})) AND session != 0)
        AND toInt64(toUnixTimestamp(started_at)) - {second:UInt32} BETWEEN ${-around / 1_000} AND ${around / 1_000}
      ORDER BY started_at, view LIMIT ${MOST_OF_SESSION}`,
    { second, view: String(hash), session: sessionId },
  );
  const ids = rows.map(([otherHash, otherSecond]) => writePageViewId(otherSecond, otherHash));
  const place = ids.indexOf(writePageViewId(second, String(hash)));
  const line = rows[place];
  if (line === undefined) return NOT_FOUND;
  return { line, previous: ids[place - 1] ?? null, next: ids[place + 1] ?? null };
};

const exactOf = ({ columns }: FoundPageView) => ({
  startedAt: textOf(columns['started_at']),
  url: textOf(columns['url']),
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- columns of a page view, typed by its schema
  vitals: {
    lcp: columns['largest_contentful_paint'],
    inp: columns['inp'],
    cls: columns['cls'],
    fcp: columns['first_contentful_paint'],
    ttfb: columns['first_byte_duration'],
  } as Record<VitalId, number | null>,
});

const factsOf = ({ columns }: FoundPageView): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, value === '' ? null : value]));

const shiftFactsOf = (beacon: Readonly<Record<string, unknown>>): ShiftFacts => ({
  other: othersOf(beacon),
  at: numbersOf(beacon['cls_shift_at']),
  values: numbersOf(beacon['cls_shift_value']),
});

const shiftsOf = ({ at, values }: ShiftFacts): readonly ShiftFact[] =>
  at.map((moment, index): ShiftFact => [moment, values[index] ?? 0]);

/** A map of texts, as the warehouse gives it. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the column's type
const othersOf = (beacon: Readonly<Record<string, unknown>>): OtherParameters =>
  (beacon['other'] ?? {}) as OtherParameters;

const numbersOf = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
