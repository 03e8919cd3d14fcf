import type { Filter } from '#reports';
import type { Selected } from './use-selected.ts';

/** What a drill-down is about: all pages of a group, or one path. */
export type PageKind = 'group' | 'path';

/** Address of the drill-down of a page group or a path. */
export const pageHref = (selected: Selected, kind: PageKind, value: string): string =>
  selected.hrefOf('page', [kind, value === '' ? EMPTY : value]);

/** What stands in the address for a group without a name, since a path has no empty parts. */
const EMPTY = '~';

/** What an address of a drill-down means; null: nothing. */
export const pageOf = (
  rest: readonly string[],
): { readonly kind: PageKind; readonly value: string; readonly filter: Filter } | null => {
  const [kind, coded] = rest;
  if ((kind !== 'group' && kind !== 'path') || coded === undefined) return null;
  const value = coded === EMPTY ? '' : coded;
  return {
    kind,
    value,
    filter: { dimension: kind === 'group' ? 'page_group' : 'url_path', op: 'is', values: [value] },
  };
};
