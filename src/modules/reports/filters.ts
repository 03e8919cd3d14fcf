import type { z } from 'zod';
import { type Dimension, ROLLUP_DIMENSIONS } from '#warehouse';
import type { Filter } from './contract.ts';

/** Ways to compare a dimension with texts. */
export const FILTER_OPS = ['is', 'is_not', 'contains', 'begins'] as const;

const MAX_VALUES = 100;
const MAX_VALUE_LENGTH = 2_048;

/** Is it the name of a dimension? */
export const isDimension = (name: string): name is Dimension =>
  (ROLLUP_DIMENSIONS as readonly string[]).includes(name);

/**
 * Reads `DIMENSION:OP:A|B`, for a zod transformation. Values are percent-encoded within the parameter, so that they may hold `|` and `%`: a
 * client encodes each value, and the whole parameter once more as every parameter.
 */
export const readFilter = (text: string, context: z.RefinementCtx<string>): Filter => {
  const refuse = (expected: string): Filter => {
    context.issues.push({ code: 'custom', message: expected, input: text });
    return { dimension: '', op: 'is', values: [] };
  };
  const [dimension = '', op = '', ...rest] = text.split(':');
  if (!isDimension(dimension))
    return refuse(`DIMENSION:OP:VALUES with one of the dimensions ${ROLLUP_DIMENSIONS.join(', ')}`);
  const known = FILTER_OPS.find((each) => each === op);
  if (known === undefined || text.split(':').length < 3)
    return refuse(`DIMENSION:OP:VALUES with one of ${FILTER_OPS.join(', ')} behind the dimension`);
  const values = rest.join(':').split('|').map(decoded);
  if (values.length > MAX_VALUES) return refuse(`at most ${MAX_VALUES} values`);
  if (values.some((value) => value === null))
    return refuse('values that are percent-encoded (a percent sign is %25)');
  const texts = values.filter((value) => value !== null);
  if (texts.some((value) => value.length > MAX_VALUE_LENGTH))
    return refuse(`values of at most ${MAX_VALUE_LENGTH} characters`);
  if ((known === 'contains' || known === 'begins') && texts.includes(''))
    return refuse(`a text behind ${known}; for page views where it is not known ask ${dimension}:is:`);
  return { dimension, op: known, values: texts };
};

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
};
