import { z } from 'zod';
import { type VitalId, VITAL_IDS } from '#vitals';
import { type Dimension, ROLLUP_DIMENSIONS } from '#warehouse';
import { type Fault, parameterFault, refusal } from './faults.ts';

/** Parameters of a report by name; each schema reads a text, those of `repeatable` a list of texts. */
export type ParameterShape = Readonly<Record<string, z.ZodType>>;

/**
 * Reads a query by a schema. The text of a schema's error is what was expected ("a whole number from 1 to 500"). Errors: 400 with a
 * fault for each parameter that cannot be read, is given twice or is not known: a misspelt filter must not give other figures than asked.
 */
export const readParameters = <S extends z.ZodObject>(schema: S, query: URLSearchParams): z.output<S> => {
  const faults: Fault[] = [];
  const given: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  for (const key of new Set(query.keys())) {
    const values = query.getAll(key);
    const known = Object.hasOwn(schema.shape, key) ? schema.shape[key] : undefined;
    if (known === undefined) faults.push(unknownFault(key, values[0], Object.keys(schema.shape)));
    else if (isRepeatable(known)) given[key] = values;
    else if (values.length > 1) faults.push(parameterFault(key, values.join(', '), 'it once'));
    else given[key] = values[0];
  }
  const parsed = schema.safeParse({ ...given });
  if (parsed.success && faults.length === 0) return parsed.data;
  const issues = parsed.error?.issues ?? [];
  throw refusal(400, ...[...faults, ...issues.map((issue) => issueFault(issue, query))].slice(0, MAX_FAULTS));
};

const MAX_FAULTS = 20;

const unknownFault = (key: string, value: string | undefined, known: readonly string[]): Fault => ({
  ...parameterFault(key.slice(0, 60), value, ''),
  message: `the parameter ${JSON.stringify(key.slice(0, 60))} is not known here, known are ${known.join(', ')}`,
  code: 'PARAMETER_UNKNOWN',
});

const issueFault = ({ path, message }: z.core.$ZodIssue, query: URLSearchParams): Fault => {
  const [key = '', index] = path;
  const values = query.getAll(String(key));
  return parameterFault(String(key), values[typeof index === 'number' ? index : 0], message);
};

const REPEATABLE = z.registry<{ readonly repeatable: true }>();

/** May the parameter be given several times? */
export const isRepeatable = (schema: z.ZodType): boolean => REPEATABLE.has(schema);

/** A parameter that may be given up to `most` times. */
export const repeated = <S extends z.ZodType>(item: S, most: number): z.ZodOptional<z.ZodArray<S>> => {
  const schema = z.array(item).max(most, `it at most ${most} times`).optional();
  REPEATABLE.add(schema, { repeatable: true });
  return schema;
};

/** One of some words. */
export const oneOf = <const T extends string>(words: readonly T[]): z.ZodEnum<{ [W in T]: W }> =>
  z.enum(words, { error: `one of ${words.join(', ')}` });

/** A whole number within bounds. */
export const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((value) => value >= min && value <= max, `a whole number from ${min} to ${max}`)
    .meta({ minimum: min, maximum: max });

/** A text of bounded length. */
export const boundedText = (max: number) => z.string().max(max, `at most ${max} characters`);

/** A vital, by default LCP. */
export const vitalParameter = oneOf<VitalId>(VITAL_IDS).default('lcp');

/** Some vitals, with commas between. */
export const vitalList = z
  .string()
  .refine((text) => text.split(',').every(isVital), `some of ${VITAL_IDS.join(', ')} with commas between`)
  .transform((text) => text.split(',').filter(isVital))
  .optional();

const isVital = (text: string): text is VitalId => (VITAL_IDS as readonly string[]).includes(text);

/** A dimension of page views. */
export const dimensionParameter = oneOf<Dimension>(ROLLUP_DIMENSIONS);
