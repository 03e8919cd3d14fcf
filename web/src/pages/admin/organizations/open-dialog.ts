import type { OrganizationLine, RelationLine } from '#operations';

/** What is open over the page. */
export type OpenDialog =
  | { readonly kind: 'add' | 'add-relation' }
  | { readonly kind: 'edit' | 'renew' | 'expire' | 'snippet'; readonly organization: OrganizationLine }
  | { readonly kind: 'edit-relation' | 'renew-relation' | 'end-relation'; readonly relation: RelationLine };
