import { DURATION_SCALE, type Scale, scaleOfVital } from '#vitals';

/** The two scales by the name under which a statement knows their edges. */
const SCALES = { _durations: DURATION_SCALE, _shifts: scaleOfVital('cls') } as const;

/** Name of a scale in SQL. */
export type ScaleName = keyof typeof SCALES;

/** What the `WITH` of a statement needs that contains this text, where `bucketSql` is used: the edges of its scales, once each. */
export const bucketEdges = (text: string): readonly string[] =>
  Object.entries(SCALES)
    .filter(([name]) => text.includes(name))
    .map(([name, { edges }]) => `[${edges.join(',')}] AS ${name}`);

/**
 * The bucket of a value as SQL: exactly `bucketOf` of `#vitals`, 0 for NULL. `value` is an expression of a number that is NULL or at
 * least 0.
 */
export const bucketSql = (name: ScaleName, value: string): string =>
  `if(isNull(${value}), 0, toUInt16(transform(roundDown(${stepsSql(SCALES[name], value)}, ${name}), ${name}, arrayEnumerate(${name}), 1)))`;

/** Whole steps, rounded like `Math.round`; beyond the last edge it makes no difference how many. */
const stepsSql = ({ stepsPerUnit }: Scale, value: string): string =>
  stepsPerUnit === 1
    ? `assumeNotNull(${value})`
    : `toUInt32(least(floor(toFloat64(assumeNotNull(${value})) * ${stepsPerUnit} + 0.5), 1000000000))`;
