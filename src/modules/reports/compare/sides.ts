import { z } from 'zod';
import { readFilter } from '../filters.ts';
import { repeated } from '../parameters.ts';
import { MAX_FILTERS, SELECTION_PARAMETERS, type SelectionParameters } from '../selection.ts';

/** Parameters of the other side of a comparison. `b.site=` and `b.filter=`, empty, take away what the first side has. */
export const OTHER_SIDE_PARAMETERS = {
  'b.site': z.string().max(253, 'a host name, or nothing for all of them').optional(),
  'b.from': SELECTION_PARAMETERS.from,
  'b.to': SELECTION_PARAMETERS.to,
  'b.filter': repeated(
    z.string().transform((text, context) => (text === '' ? null : readFilter(text, context))),
    MAX_FILTERS,
  ),
  'b.navigations': SELECTION_PARAMETERS.navigations,
  'b.percentile': SELECTION_PARAMETERS.percentile,
  'b.bots': SELECTION_PARAMETERS.bots,
};

type OtherSide = z.output<z.ZodObject<typeof OTHER_SIDE_PARAMETERS>>;

/** Has anything been said of the other side? */
export const isOtherSideGiven = (given: OtherSide): boolean =>
  Object.keys(OTHER_SIDE_PARAMETERS).some((key) => given[key as keyof OtherSide] !== undefined);

/** What was said of the other side, as parameters of a selection. */
export const otherSideOf = (given: OtherSide): SelectionParameters => ({
  site: given['b.site'],
  from: given['b.from'],
  to: given['b.to'],
  filter: given['b.filter']?.filter((filter) => filter !== null),
  navigations: given['b.navigations'],
  percentile: given['b.percentile'],
  bots: given['b.bots'],
});
