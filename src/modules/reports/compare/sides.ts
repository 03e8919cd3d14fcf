import { z } from 'zod';
import type { Selection } from '../contract.ts';
import { readFilter } from '../filters.ts';
import { repeated } from '../parameters.ts';
import type { Asked } from '../report.ts';
import {
  during,
  MAX_FILTERS,
  periodBefore,
  periodOf,
  select,
  SELECTION_PARAMETERS,
  type SelectionParameters,
} from '../selection.ts';

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

/** Both sides of a comparison; when nothing is said of the other one, it is the period before. Errors: as `select`. */
export const selectSides = async (
  asked: Asked<SelectionParameters & OtherSide>,
): Promise<readonly [a: Selection, b: Selection]> => {
  const a = await select(asked);
  const b = isOtherSideGiven(asked.parameters)
    ? await select(asked, otherSideOf(asked.parameters), a)
    : during(a, periodBefore(periodOf(a)));
  return [a, b];
};

const isOtherSideGiven = (given: OtherSide): boolean =>
  Object.keys(OTHER_SIDE_PARAMETERS).some((key) => given[key as keyof OtherSide] !== undefined);

/** What was said of the other side, as parameters of a selection. */
const otherSideOf = (given: OtherSide): SelectionParameters => ({
  site: given['b.site'],
  from: given['b.from'],
  to: given['b.to'],
  filter: given['b.filter']?.filter((filter) => filter !== null),
  navigations: given['b.navigations'],
  percentile: given['b.percentile'],
  bots: given['b.bots'],
});
