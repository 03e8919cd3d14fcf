/** A line of a split series: its page views by step. */
export interface CountedLine {
  readonly name: string;
  readonly points: readonly { readonly at: string; readonly views: number }[];
}

/** One step of time: how many page views, and of which kinds. */
export interface StepShares {
  readonly at: string;
  readonly views: number;
  /** 0 to 1 in the order of the lines, together 1; all 0 in a step without page views. */
  readonly shares: readonly number[];
}

/** Of which lines the page views of each step are. */
export const timeShares = (lines: readonly CountedLine[]): readonly StepShares[] =>
  (lines[0]?.points ?? []).map(({ at }, step) => {
    const counts = lines.map(({ points }) => points[step]?.views ?? 0);
    const views = counts.reduce((sum, count) => sum + count, 0);
    return { at, views, shares: counts.map((count) => (views === 0 ? 0 : count / views)) };
  });
