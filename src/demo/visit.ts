/** The parameter with which the demo's pages say whose visit a beacon is of. It has no column, so rows have it in `other`. */
export const VISIT_PARAMETER = 'demo_visit';

declare const visitId: unique symbol;

/** Names the visits of one browser to the demo: 128 random bits that its control page has made up. Whoever knows it may see their rows. */
export type VisitId = string & { readonly [visitId]: true };

/** Is this text one? Nothing else reaches a query. */
export const isVisitId = (text: string): text is VisitId => /^[0-9a-f]{32}$/.test(text);
