import type { ClickHouseClient } from '@clickhouse/client';
import { type Clock, errorText, type Log, type Running } from '#core';
import type { Annotations } from '#modules';
import { isExpired, type TenantId, type TenantRegistry } from '#tenants';
import type { Views } from '#warehouse';
import { type NewVersion, newVersions, type VersionRow } from './new-versions.ts';
import { noteId, systemNote } from './system-notes.ts';

/** Looks for sites that are measured by another version of Boomerang than before, and writes it on their charts. */
export interface VersionNotes extends Running {
  /** One look at all organizations; resolves to how many notes were written. What fails for one is logged and looked at again. */
  look(): Promise<number>;
}

/** What it needs. */
export interface VersionNotesDeps {
  readonly client: ClickHouseClient;
  readonly views: Views;
  readonly annotations: Pick<Annotations, 'addOnce' | 'find'>;
  readonly registry: Pick<TenantRegistry, 'current'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Of several processes, the one that loads looks. */
  readonly isActive: () => boolean;
}

const DAY_MS = 86_400_000;
/** What is looked at: long enough that a process that was away finds what it missed. */
const WINDOW_MS = 28 * DAY_MS;
/** How far back a version is looked for before it counts as new. */
const MEMORY_MS = 400 * DAY_MS;
const EVERY_MS = 3_600_000;
/** After a start there is more urgent work. */
const FIRST_AFTER_MS = 120_000;

/** Creates the looks; the first comes two minutes later, then one every hour. */
export const createVersionNotes = (deps: VersionNotesDeps): VersionNotes => {
  const { client, views, annotations, registry, clock, log, isActive } = deps;
  const ended = new AbortController();
  /** Versions that were there before the window; they are not asked about again. */
  const known = new Set<string>();

  const rowsOf = async <Row>(query: string, parameters: Record<string, unknown> = {}): Promise<Row[]> => {
    const answer = await client.query({ query, query_params: parameters, format: 'JSONEachRow' });
    return answer.json<Row>();
  };
  const wasThere = async (tenant: TenantId, { site, version }: NewVersion, now: number): Promise<boolean> => {
    const before = { from: now - MEMORY_MS, to: now - WINDOW_MS };
    const { sql } = await views.source(tenant, before, ['hostname', 'boomerang_version']);
    const found = await rowsOf<object>(
      `SELECT 1 FROM ${sql} WHERE hostname = {site:String} AND boomerang_version = {version:String} LIMIT 1`,
      { site, version },
    );
    return found.length > 0;
  };
  const lookAt = async (tenant: TenantId): Promise<number> => {
    const now = clock.now();
    const columns = ['hostname', 'boomerang_version', 'started_at', 'is_bot', 'is_generated'];
    const { sql } = await views.source(tenant, { from: now - WINDOW_MS, to: now }, columns);
    const rows = await rowsOf<VersionRow>(
      `SELECT hostname AS site, boomerang_version AS version, toUInt32(min(started_at)) * 1000 AS first, toUInt32(count()) AS views
       FROM ${sql} WHERE is_bot = 0 AND is_generated = 0 AND boomerang_version != '' GROUP BY site, version`,
    );
    let written = 0;
    for (const found of newVersions(rows)) {
      const { site, version, before, first } = found;
      const id = noteId('boomerang_version', site, version);
      const key = `${tenant}\n${id}`;
      if (known.has(key)) continue;
      const isNoted = (await annotations.find(tenant, id)) !== undefined;
      if (!isNoted && !(await wasThere(tenant, found, now))) {
        const note = systemNote(
          {
            id,
            site,
            version,
            startsAt: first,
            title: `Boomerang ${version} is measuring`,
            content: `From here on page views of ${site} are measured by version ${version} of Boomerang, where it was ${before}. Figures may differ for that reason alone.`,
          },
          now,
        );
        if (await annotations.addOnce(tenant, note)) written += 1;
      }
      known.add(key);
    }
    return written;
  };

  const look = async (): Promise<number> => {
    let written = 0;
    for (const tenant of registry.current().tenants) {
      if (ended.signal.aborted) break;
      if (tenant.traces.length === 0 || isExpired(tenant, clock.now())) continue;
      try {
        written += await lookAt(tenant.id);
      } catch (error) {
        log.warn('version_look_failed', { tenant: tenant.id, err: errorText(error) });
      }
    }
    return written;
  };

  const running = (async () => {
    await clock.sleep(FIRST_AFTER_MS, ended.signal);
    while (!ended.signal.aborted) {
      if (isActive()) await look();
      await clock.sleep(EVERY_MS, ended.signal);
    }
  })();
  return {
    look,
    stop: async () => {
      ended.abort();
      await running;
    },
  };
};
