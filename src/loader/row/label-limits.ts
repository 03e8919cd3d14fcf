import type { DraftRow } from './draft-row.ts';

/** Columns of few different values whose values a visitor can make up. Addresses are no labels, and what we name ourselves has a bound. */
const LIMITS = {
  page_group: 1_000,
  page_type: 1_000,
  generator: 1_000,
  ab_group: 1_000,
  utm_source: 1_000,
  utm_medium: 1_000,
  utm_campaign: 1_000,
  // A large site has many.
  referrer_host: 5_000,
  http_initiator: 1_000,
  boomerang_version: 1_000,
  error_type: 1_000,
  lcp_element: 1_000,
  device_model: 1_000,
  ua_vnd: 1_000,
  ua_plt: 1_000,
  mob_ct: 1_000,
  mob_etype: 1_000,
} as const satisfies { readonly [Column in keyof DraftRow]?: number };

/** A column with a limit. */
export type LimitedColumn = keyof typeof LIMITS;

/** What a label becomes that is one too many. */
export const OTHER_LABEL = 'other';

/** Keeps floods of made-up labels out of the dictionaries of a tenant's table. */
export interface LabelLimits {
  /** Replaces the labels of a row that are one too many in their column. `day`: of the receive time, days since 1970. */
  apply(row: DraftRow, tenant: string, day: number): void;
}

const COLUMNS = Object.entries(LIMITS) as readonly (readonly [LimitedColumn, number])[];
/** All labels that are remembered; an attack on many tenants at once begins anew rather than to take memory without end. */
const MAX_REMEMBERED = 500_000;

/**
 * Creates the limits: for each tenant, column and day so many different values, those that come first; `overflow` is told of each value that
 * is replaced. The sets are in memory: a restart begins anew, and a beacon of an earlier day counts for the day in force.
 */
export const createLabelLimits = (overflow: (tenant: string, column: LimitedColumn) => void): LabelLimits => {
  const seenBy = new Map<string, { day: number; readonly columns: readonly Set<string>[] }>();
  let remembered = 0;

  const seenOf = (tenant: string, day: number): readonly Set<string>[] => {
    let seen = seenBy.get(tenant);
    if (seen === undefined) {
      seen = { day, columns: COLUMNS.map(() => new Set<string>()) };
      seenBy.set(tenant, seen);
    } else if (day > seen.day) {
      seen.day = day;
      for (const set of seen.columns) {
        remembered -= set.size;
        set.clear();
      }
    }
    return seen.columns;
  };

  return {
    apply: (row, tenant, day) => {
      if (remembered >= MAX_REMEMBERED) {
        seenBy.clear();
        remembered = 0;
      }
      const columns = seenOf(tenant, day);
      for (let place = 0; place < COLUMNS.length; place++) {
        const [column, limit] = COLUMNS[place] as (typeof COLUMNS)[number];
        const label = row[column];
        if (label === '' || label === null) continue;
        const seen = columns[place] as Set<string>;
        if (seen.has(label)) continue;
        if (seen.size < limit) {
          seen.add(label);
          remembered++;
        } else if (label !== OTHER_LABEL) {
          row[column] = OTHER_LABEL;
          overflow(tenant, column);
        }
      }
    },
  };
};
