import { readForm } from '#core';
import type { JournalEntry } from '#journal';
import type { Destination } from '#tenants';
import { demoClosed, demoNews, demoNobodysTrace, demoShop } from './organizations.ts';
import { VISIT_PARAMETER, type VisitId } from './visit.ts';

/** What the control page shows of a beacon: what a visitor may know of his own visit anyway. */
export interface LiveBeacon {
  /** When it came in, epoch ms. */
  readonly at: number;
  /** The table where it is a row, or the folder of the archive where it waits (`unknown/`, `expired/`). */
  readonly place: string;
  readonly path: string;
  /** The rest is known of rows alone. */
  readonly eventType?: string;
  readonly navigationType?: string;
  readonly lcp?: number | null;
  readonly inp?: number | null;
  readonly cls?: number | null;
  readonly ttfb?: number | null;
}

/** What the control page asks for, once a second. */
export interface LiveView {
  /** How many rows the demo's organizations have: a number and nothing of what was measured, since whoever reaches the server may ask. */
  readonly tables: readonly { readonly tenant: string; readonly table: string; readonly total: number }[];
  /** The beacons of one visit, newest first, at most 50; missing when none was named. */
  readonly beacons?: readonly LiveBeacon[];
}

/** Where the live view is read. */
export interface LiveSources {
  /** Runs a ClickHouse query and gives its rows. */
  query<Row>(sql: string, parameters?: Readonly<Record<string, string>>): Promise<readonly Row[]>;
  /** What has come into a backup folder within the last hour, about, and holds this text. */
  archived(folder: Destination, containing: string): Promise<readonly JournalEntry[]>;
}

/** Beacons of a visit that are shown, newest first. */
const MOST = 50;

/** Reads the tables' counts, and with a visit what became of its beacons of the last hour. */
export const readLive = async (sources: LiveSources, visit: VisitId | null): Promise<LiveView> => {
  const tables = await Promise.all([demoShop, demoNews].map(({ prefix }) => countRows(sources, prefix)));
  if (visit === null) return { tables };
  const found = await Promise.all([
    ...tables.filter(({ total }) => total > 0).map(({ table }) => rowsOf(sources, table, visit)),
    ...(['unknown', 'expired'] as const).map((folder) => archivedOf(sources, folder, visit)),
  ]);
  return {
    tables,
    beacons: found
      .flat()
      .toSorted((a, b) => b.at - a.at)
      .slice(0, MOST),
  };
};

const countRows = async ({ query }: LiveSources, tenant: string): Promise<LiveView['tables'][number]> => {
  const table = `${tenant}_webperf_rum_events`;
  const exists = await query(
    `SELECT 1 FROM system.tables WHERE database = currentDatabase() AND name = '${table}'`,
  );
  if (exists.length === 0) return { tenant, table, total: 0 };
  const [counted] = await query<{ total: number }>(`SELECT toUInt32(count()) AS total FROM ${table}`);
  return { tenant, table, total: counted?.total ?? 0 };
};

const rowsOf = async (
  { query }: LiveSources,
  table: string,
  visit: VisitId,
): Promise<readonly LiveBeacon[]> => {
  const rows = await query<Omit<LiveBeacon, 'place'>>(
    `SELECT toFloat64(toUnixTimestamp64Milli(received_at)) AS at, url_path AS path, event_type AS eventType,
     navigation_type AS navigationType, largest_contentful_paint AS lcp, coalesce(inp, inp_increment) AS inp,
     cumulative_layout_shift AS cls, first_byte_duration AS ttfb
     FROM ${table}
     WHERE received_at > now64(3) - INTERVAL 1 HOUR AND other['${VISIT_PARAMETER}'] = {visit: String}
     ORDER BY received_at DESC LIMIT ${MOST}`,
    { visit },
  );
  return rows.map((row) => ({ ...row, place: table }));
};

/** Other organizations' beacons are in these folders, too: only those that the demo's own pages sent for nobody are looked at. */
const archivedOf = async (
  { archived }: LiveSources,
  folder: 'unknown' | 'expired',
  visit: VisitId,
): Promise<readonly LiveBeacon[]> => {
  const entries = await archived(folder, visit);
  return entries.flatMap(({ record }): readonly LiveBeacon[] => {
    if (record.trace !== demoNobodysTrace && record.trace !== demoClosed.trace) return [];
    const parameters = new Map<string, string>();
    readForm(Buffer.from(record.body).toString(), parameters);
    readForm(record.query, parameters);
    if (parameters.get(VISIT_PARAMETER) !== visit) return [];
    const path = URL.parse(parameters.get('u') ?? '')?.pathname ?? '';
    return [{ at: record.receivedAt, place: `${folder}/`, path }];
  });
};
