import type { Query } from './client.ts';

/** A GET that answers with an `Answer`: what hooks fetch and export menus link to. */
export interface Request<Answer> {
  readonly path: string;
  readonly query: Query;
  /** Default: the organization of the address. */
  readonly tenant?: string | undefined;
  /** What the rows of its file are; default `Rows`. */
  readonly rows?: string;
  /** Further tables of the answer: the name for `table=`, and what is in them. */
  readonly tables?: readonly (readonly [table: string, words: string])[];
  /** Never there; carries the type. */
  readonly answer?: Answer;
}

/** What can be saved as files: the answer of a request, or of several, each with `rows`. */
export type Exported = Request<unknown> | readonly Request<unknown>[];

/** Parameters that have a value; undefined, empty and false are left out. */
export const parametersOf = (
  values: Readonly<Record<string, string | number | boolean | undefined>>,
): Query =>
  Object.entries(values)
    .filter(([, value]) => value !== undefined && value !== '' && value !== false)
    .map(([name, value]) => [name, String(value)] as const);
