/*
 * What `/annotations` takes and gives: the notes on charts. An annotation is a note of the domain `rum` at a moment or over a period.
 *
 *   GET    /annotations?from=ISO&to=ISO[&site=HOST][&kind=KEY][&scope=SCOPE][&author=USERNAME][&hidden=with]   AnnotationList
 *   POST   /annotations                 AnnotationInput → 201 Annotation
 *   GET    /annotations/{id}            Annotation
 *   PUT    /annotations/{id}            AnnotationInput → 200 Annotation
 *   DELETE /annotations/{id}            204
 *   POST   /annotations/mine            as above with the scope `personal`, PUT and DELETE /annotations/mine/{id} for whoever wrote it
 *   PUT    /annotations/{id}/hidden     { hidden: boolean } → 204; for the whole organization
 *   GET    /annotations/kinds           AnnotationKinds
 *
 * Faults are 422 with FOLIO's `{"errors":[{message,type,code,parameters}]}`.
 */

/** Who sees an annotation, and who may write it. */
export type AnnotationScope = 'personal' | 'site' | 'organization' | 'consortium' | 'system';

/** A kind of annotation: a note type. `key` is its name in small letters, with `-` for spaces. */
export interface AnnotationKind {
  readonly key: string;
  readonly name: string;
  /** Of the note type; null: one of the kinds that everybody has, and no note of this tenant is of it yet. */
  readonly id: string | null;
}

/** GET /annotations/kinds */
export interface AnnotationKinds {
  readonly kinds: readonly AnnotationKind[];
}

/** What a client sends. */
export interface AnnotationInput {
  /** Key, name or id of a kind; default `deploy` for a note with a version. */
  readonly kind?: string | undefined;
  /** 1 to 200 characters; default: the version. */
  readonly title?: string | undefined;
  /** At most 10,000 characters, plain text. */
  readonly content?: string | null | undefined;
  /** ISO 8601; default: now. */
  readonly at?: string | undefined;
  /** End of a period, after `at`; absent or null: a moment. */
  readonly to?: string | null | undefined;
  /** Default `site` with a site, else `organization`. */
  readonly scope?: Exclude<AnnotationScope, 'system'> | undefined;
  /** Host name; null: all sites. */
  readonly site?: string | null | undefined;
  readonly pageGroup?: string | null | undefined;
  readonly device?: string | null | undefined;
  /** http or https. */
  readonly link?: string | null | undefined;
  readonly version?: string | null | undefined;
}

/** An annotation as the caller sees it. All texts are what somebody typed. */
export interface Annotation {
  readonly id: string;
  readonly domain: 'rum';
  readonly kind: AnnotationKind;
  readonly title: string;
  readonly content: string | null;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly to: string | null;
  readonly scope: AnnotationScope;
  readonly site: string | null;
  readonly pageGroup: string | null;
  readonly device: string | null;
  readonly link: string | null;
  readonly version: string | null;
  /** Whose note it is: the organization asked, or the umbrella organization of a consortium's note. */
  readonly organization: Party;
  /** Who wrote it; null: the product itself. `organization` differs from the note's when somebody acted for it. */
  readonly author: {
    readonly name: string;
    readonly username: string | null;
    readonly organization: Party;
  } | null;
  /** The organization asked has hidden it (consortium and system). */
  readonly hidden: boolean;
  /** What the caller may do with it. */
  readonly may: { readonly edit: boolean; readonly remove: boolean; readonly hide: boolean };
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** An organization by id and name. */
export interface Party {
  readonly id: string;
  readonly name: string;
}

/** GET /annotations, by time; at most 1,000 of each organization, the newest. */
export interface AnnotationList {
  readonly annotations: readonly Annotation[];
  readonly totalRecords: number;
  /** Scopes that the caller may write. */
  readonly mayWrite: readonly Exclude<AnnotationScope, 'system'>[];
}
