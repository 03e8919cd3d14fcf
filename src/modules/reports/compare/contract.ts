import type { VitalId } from '#vitals';
import type { Selection, Source, VitalChange, VitalFigures } from '../contract.ts';

/** GET /reports/compare?…&b.from=…[&by=device][&causes=without]: two selections side by side. */
export interface CompareAnswer {
  readonly a: ComparedSelection;
  readonly b: ComparedSelection;
  /** One for each vital: share of good in a − in b, split by `by`. */
  readonly changes: readonly (VitalChange | null)[];
  /** For LCP, INP and CLS: both distributions, over the same bins. */
  readonly distributions: readonly {
    readonly vital: VitalId;
    readonly bins: readonly {
      readonly from: number;
      readonly to: number;
      readonly a: number;
      readonly b: number;
    }[];
  }[];
  /** Dimensions by how much the mix changed, most first; none with `causes=without`. */
  readonly likelyCauses: readonly LikelyCause[];
  readonly source: Source;
}

/** A dimension by which the page views of two selections differ, and its value that differs most. */
export interface LikelyCause {
  readonly dimension: string;
  /** Total variation distance, 0 to 1. */
  readonly distance: number;
  readonly value: string;
  readonly shareA: number;
  readonly shareB: number;
}

/** GET /reports/causes?…&b.from=…: the likely causes of a comparison alone. */
export interface CausesAnswer {
  readonly a: ComparedCount;
  readonly b: ComparedCount;
  /** Dimensions by how much the mix changed, most first. */
  readonly likelyCauses: readonly LikelyCause[];
  readonly source: Source;
}

/** How many page views a selection has. */
export interface ComparedCount {
  readonly selection: Selection;
  readonly views: number;
}

/** One side of a comparison. */
export interface ComparedSelection extends ComparedCount {
  readonly vitals: readonly VitalFigures[];
}
