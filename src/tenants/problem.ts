/** One thing that is wrong in a users map. */
export interface MapProblem {
  /** 1-based line in the file, null when the file as a whole is meant. */
  readonly line: number | null;
  /** Place in the map: `user[3].expire`, `relation[0].when[1].tenant`; empty when the file as a whole is meant. */
  readonly path: string;
  /** What was found. */
  readonly found: string;
  /** What was expected. */
  readonly expected: string;
  /** Both in one line: `found "Acme", expected …`; lower case, no full stop. */
  readonly message: string;
}

/** Creates a problem; `found` and `expected` are put together into its message. */
export const mapProblem = (
  line: number | null,
  path: string,
  found: string,
  expected: string,
): MapProblem => ({ line, path, found, expected, message: `found ${found}, expected ${expected}` });

/** One line for a person: `line 7, user[1].prefix: found "Acme", expected …`. */
export const problemText = (problem: MapProblem): string => {
  const place = [problem.line === null ? null : `line ${problem.line}`, problem.path || null].filter(
    (part) => part !== null,
  );
  return place.length === 0 ? problem.message : `${place.join(', ')}: ${problem.message}`;
};
