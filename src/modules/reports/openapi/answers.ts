import { z } from 'zod';
import type * as Contract from '../contract.ts';
import {
  certainRating,
  change,
  count,
  figures,
  LINE,
  list,
  moment,
  named,
  object,
  selection,
  share,
  shares,
  source,
  text,
  value,
  vital,
} from './parts.ts';

const breakdownRow = named('BreakdownRow', {
  value: text,
  views: count,
  share,
  impact: z.number().min(0),
  vitals: list(figures),
});

const counted = { selection, views: count };

const causes = list(
  named('LikelyCause', { dimension: text, distance: share, value: text, shareA: share, shareB: share }),
);

const compared = named('ComparedSelection', { ...counted, vitals: list(figures) });

const point = named('SeriesPoint', {
  at: moment,
  views: count,
  samples: count,
  value,
  low: value,
  high: value,
  good: share.nullable(),
  poor: share.nullable(),
});

const rectangle = object({ x: z.number(), y: z.number(), width: z.number(), height: z.number() });

const COVERAGE = {
  views: count,
  hidden: count,
  loaded: count,
  left: count,
  vitals: list(object({ vital, samples: count })),
};

/** A schema of an answer of exactly this type: neither more nor less. */
const exactly =
  <A>() =>
  <S extends z.ZodType<A>>(schema: A extends z.output<S> ? S : never): z.ZodType<A> =>
    schema;

/**
 * Schemas of all answers by the path of their report: the types of `contract.ts` once more, as far as a program can check them.
 */
export const ANSWERS: Readonly<Record<string, z.ZodType>> = {
  '/reports/summary': exactly<Contract.Summary>()(
    named('Summary', {
      selection,
      views: count,
      sessions: count,
      vitals: list(figures),
      passes: z.boolean().nullable(),
      before: object({ views: count, vitals: list(figures) }).nullable(),
      changes: list(change.nullable()).nullable(),
      source,
    }),
  ),
  '/reports/series': exactly<Contract.Series>()(
    named('Series', {
      selection,
      vital,
      step: z.enum(['minute', 'hour', 'day', 'week']),
      lines: list(object({ name: text.nullable(), points: list(point) })),
      source,
    }),
  ),
  '/reports/breakdown': exactly<Contract.Breakdown>()(
    named('Breakdown', {
      selection,
      dimension: text,
      rows: list(breakdownRow),
      totalRows: count,
      total: breakdownRow,
      source,
    }),
  ),
  '/reports/distribution': exactly<Contract.DistributionAnswer>()(
    named('Distribution', {
      selection,
      vital,
      buckets: list(object({ from: z.number(), to: z.number(), count, rating: certainRating })),
      percentiles: list(object({ p: z.number(), value })),
      figures,
      source,
    }),
  ),
  '/reports/bounce': exactly<Contract.BounceAnswer>()(
    named('Bounce', {
      selection,
      vital,
      bins: list(object({ from: z.number(), to: z.number(), landings: count, bounces: count })),
      source,
    }),
  ),
  '/reports/heat': exactly<Contract.HeatAnswer>()(
    named('Heat', {
      selection,
      vital,
      kind: z.enum(['weekday', 'time']),
      columns: list(text),
      rows: list(text),
      cells: list(object({ row: count, column: count, value, views: count, samples: count })),
      source,
    }),
  ),
  '/reports/grid': exactly<Contract.GridAnswer>()(
    named('Grid', {
      selection,
      vital,
      rows: list(text),
      columns: list(text),
      cells: list(object({ row: count, column: count, views: count, figures })),
      source,
    }),
  ),
  '/reports/elements': exactly<Contract.ElementsAnswer>()(
    named('Elements', {
      selection,
      vital,
      rows: list(object({ selector: text, views: count, share, value, shares: shares.nullable() })),
      source,
    }),
  ),
  '/reports/phases': exactly<Contract.PhasesAnswer>()(
    named('Phases', {
      selection,
      samples: count,
      phases: list(object({ phase: z.enum(['ttfb', 'load_delay', 'load_duration', 'render_delay']), value })),
      source,
    }),
  ),
  '/reports/compare': exactly<Contract.CompareAnswer>()(
    named('Compare', {
      a: compared,
      b: compared,
      changes: list(change.nullable()),
      distributions: list(
        object({ vital, bins: list(object({ from: z.number(), to: z.number(), a: count, b: count })) }),
      ),
      likelyCauses: causes,
      source,
    }),
  ),
  '/reports/causes': exactly<Contract.CausesAnswer>()(
    named('Causes', { a: object(counted), b: object(counted), likelyCauses: causes, source }),
  ),
  '/reports/live': exactly<Contract.LiveAnswer>()(
    named('Live', {
      points: list(object({ at: moment, views: count })),
      views: count,
      pages: list(object({ url: text, views: count })),
      lastBeaconAt: moment.nullable(),
    }),
  ),
  '/reports/sites': exactly<Contract.SitesAnswer>()(
    named('Sites', {
      sites: list(
        object({
          hostname: text,
          views: count,
          lastBeaconAt: moment.nullable(),
          passes: z.boolean().nullable(),
          vitals: list(figures),
          days: list(object({ at: moment, views: count, lcp: value, inp: value, cls: value })),
        }),
      ),
      source,
    }),
  ),
  '/reports/site-names': exactly<Contract.SiteNamesAnswer>()(
    named('SiteNames', { sites: list(object({ hostname: text, views: count })) }),
  ),
  '/reports/coverage': exactly<Contract.CoverageAnswer>()(
    named('Coverage', {
      selection,
      total: named('CoverageCounts', COVERAGE),
      browsers: list(object({ browser: text, ...COVERAGE })),
      versions: list(object({ version: text, ...COVERAGE })),
      source,
    }),
  ),
  '/reports/page-views': exactly<Contract.PageViewsAnswer>()(
    named('PageViews', { selection, views: list(named('PageViewLine', LINE)), source }),
  ),
  '/reports/page-views/{id}': exactly<Contract.PageViewAnswer>()(
    named('PageView', {
      view: object({ ...LINE, hostname: text, sessionId: text, pageId: text }),
      facts: z.record(text, z.unknown()),
      moments: list(object({ name: text, at: z.number(), value: z.number().nullable() })),
      resources: list(
        named('Resource', {
          url: text,
          kind: text,
          start: z.number(),
          requestStart: z.number().nullable(),
          responseStart: z.number().nullable(),
          end: z.number(),
          transferBytes: count.nullable(),
          encodedBytes: count.nullable(),
          decodedBytes: count.nullable(),
          redirect: count.nullable(),
          dns: count.nullable(),
          connect: count.nullable(),
          tls: count.nullable(),
          worker: z.number().nullable(),
          protocol: text,
          attributes: list(text),
          element: object({
            width: z.number(),
            height: z.number(),
            x: z.number(),
            y: z.number(),
            naturalWidth: z.number().nullable(),
            naturalHeight: z.number().nullable(),
          }).nullable(),
          serverTiming: list(object({ name: text, duration: z.number().min(0), description: text })),
          ownData: list(object({ name: text, value: text })),
        }),
      ),
      timeline: list(
        named('TimelineLane', {
          name: text,
          buckets: list(object({ at: count, value: z.number().min(0) })),
        }),
      ),
      longTasks: list(
        named('LongTask', {
          start: count,
          duration: count,
          origin: text,
          attribution: list(object({ work: text, container: text, name: text, id: text, src: text })),
        }),
      ),
      interactions: list(
        named('Interaction', {
          at: count,
          kind: text,
          x: z.number().nullable(),
          y: z.number().nullable(),
          state: text.nullable(),
        }),
      ),
      layoutShifts: list(
        named('LayoutShift', {
          at: count,
          value: z.number().min(0),
          elements: list(object({ selector: text, from: rectangle, to: rectangle })),
        }),
      ),
      slowEvents: list(
        named('SlowEvent', {
          name: text,
          start: count,
          duration: count,
          processing: count,
          isCancelable: z.boolean(),
          isFirst: z.boolean(),
          interaction: count.nullable(),
          target: text,
        }),
      ),
      errors: list(
        named('PageError', {
          at: z.number().nullable(),
          time: moment.nullable(),
          count,
          type: text,
          message: text,
          via: text,
          source: text,
          code: z.number().nullable(),
          frames: list(
            object({ function: text, file: text, line: count.nullable(), column: count.nullable() }),
          ),
          events: list(
            object({
              kind: text,
              before: z.number().nullable(),
              tag: text,
              id: text,
              name: text,
              method: text,
              url: text,
              result: text,
              severity: text,
              message: text,
            }),
          ),
          extra: text,
        }),
      ),
      boomerangFiles: list(
        named('BoomerangFile', {
          file: text,
          start: count,
          requestStart: count.nullable(),
          responseStart: count.nullable(),
          end: count,
          redirect: count.nullable(),
          dns: count.nullable(),
          connect: count.nullable(),
          tls: count.nullable(),
        }),
      ),
      beacons: list(
        object({ at: moment, kind: text, segment: text, offset: text, parameters: z.record(text, text) }),
      ),
      previous: text.nullable(),
      next: text.nullable(),
      source,
    }),
  ),
  '/reports/bfcache-reasons': exactly<Contract.BfcacheReasonsAnswer>()(
    named('BfcacheReasons', { selection, rows: list(object({ reason: text, views: count })), source }),
  ),
  '/consortium/matrix': exactly<Contract.MatrixAnswer>()(
    named('Matrix', {
      from: text,
      to: text,
      rows: list(
        object({
          tenant: text,
          name: text,
          views: count.nullable(),
          passes: z.boolean().nullable(),
          vitals: list(figures),
          refusal: text.nullable(),
        }),
      ),
    }),
  ),
};
