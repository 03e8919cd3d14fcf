import type { StoredAnnotation } from './annotation-store.ts';
import type { Annotation } from './contract.ts';

/** Somebody who came by a share link that shows notes, and to what the link is held. */
export interface Guest {
  /** null: all sites. */
  readonly site: string | null;
  /** What is seen, epoch ms, half-open. */
  readonly periods: readonly { readonly from: number; readonly to: number }[];
  /** Dimensions by which the link is filtered. */
  readonly dimensions: readonly string[];
}

/** Every view has these; they say nothing of what a note may be about. */
const OF_EVERY_VIEW: readonly string[] = ['engine', 'navigation'];

/**
 * Is an annotation of the organization for a guest? Those that everybody of the organization sees, of what the link shows: never personal ones, none
 * of an umbrella organization, none of another site or time; and where the link is filtered, none about one page group or device, which may be
 * outside of the filter.
 */
export const isForGuest = (annotation: StoredAnnotation, { site, periods, dimensions }: Guest): boolean => {
  if (annotation.scope === 'personal' || annotation.scope === 'consortium') return false;
  if (!periods.some(({ from, to }) => annotation.startsAt < to && annotation.endsAt >= from)) return false;
  if (annotation.site !== null && annotation.site !== (site ?? annotation.site)) return false;
  const isFiltered = dimensions.some((name) => !OF_EVERY_VIEW.includes(name));
  const isOfPart = annotation.pageGroup !== null || annotation.device !== null;
  const isOfOneSite = site === null && annotation.site !== null;
  return !isFiltered || (!isOfPart && !isOfOneSite);
};

/** The same for a guest: signed by the organization, since he is shown nobody's name. */
export const forGuest = (annotation: Annotation): Annotation => {
  const { author, organization } = annotation;
  return { ...annotation, author: author && { name: organization.name, username: null, organization } };
};
