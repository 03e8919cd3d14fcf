import { dimensionWord, valueWords } from '../reports/dimension-words.ts';
import { type Filter, OPERATOR_WORDS } from '../state/filter.ts';

/** A filter as a sentence: `Country is Germany or Austria`. */
export const filterWords = (filter: Filter): string =>
  `${dimensionWord(filter.dimension)} ${OPERATOR_WORDS[filter.op]} ${valuesWords(filter)}`;

/** The values of a filter: `Germany or Austria`. */
export const valuesWords = ({ dimension, values }: Filter): string =>
  values.map((value) => valueWords(dimension, value)).join(' or ');
