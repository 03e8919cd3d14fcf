import { z } from 'zod';
import { VITAL_IDS } from '#vitals';

/** Schemas that have a name in the OpenAPI description. */
export const NAMED = z.registry<{ readonly id: string }>();

/** An object of exactly these members. */
export const object = <S extends z.core.$ZodLooseShape>(shape: S) => z.strictObject(shape);
/** An object with a name in the description. */
export const named = <S extends z.core.$ZodLooseShape>(id: string, shape: S) => {
  const schema = z.strictObject(shape);
  NAMED.add(schema, { id });
  return schema;
};
/** A list that nobody changes. */
export const list = <S extends z.ZodType>(item: S) => z.array(item).readonly();

export const text = z.string();
/** ISO 8601, UTC. */
export const moment = z.iso.datetime();
export const count = z.int().min(0);
/** 0 to 1. */
export const share = z.number().min(0).max(1);
/** A value of a vital, null: none. */
export const value = z.number().min(0).nullable();
export const vital = z.enum(VITAL_IDS);
const rating = z.enum(['good', 'needs-improvement', 'poor']);

/** `Selection` */
export const selection = named('Selection', {
  site: text.nullable(),
  from: moment,
  to: moment,
  filters: list(
    named('Filter', {
      dimension: text,
      op: z.enum(['is', 'is_not', 'contains', 'begins']),
      values: list(text),
    }),
  ),
  navigations: z.enum(['hard', 'soft', 'bfcache', 'all']),
  percentile: z.int(),
  bots: z.boolean(),
});

/** `Source` */
export const source = named('Source', {
  rolledUpTo: moment.nullable(),
  elapsedMs: count,
  hasGenerated: z.boolean(),
});

/** `Shares` */
export const shares = named('Shares', { good: share, needsImprovement: share, poor: share });

/** `VitalFigures` */
export const figures = named('VitalFigures', {
  vital,
  value,
  rating: rating.nullable(),
  interval: object({ low: z.number(), high: z.number() }).nullable(),
  shares: shares.nullable(),
  samples: count,
  coverage: share,
});

/** `VitalChange` */
export const change = named('VitalChange', {
  vital,
  total: z.number(),
  mix: z.number(),
  performance: z.number(),
  by: text,
});

/** `PageViewLine`'s members. */
export const LINE = {
  id: text,
  startedAt: moment,
  url: text,
  device: text,
  browser: text,
  country: text,
  vitals: z.record(vital, value),
};

/** A rating of what has one. */
export const certainRating = rating;
