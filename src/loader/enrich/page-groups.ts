/** A rule of the configuration: pages whose path matches belong to the group. */
export interface PageGroupRule {
  /** Path with `*` for any run of characters. */
  readonly path: string;
  readonly group: string;
}

/** Prepares the rules; the function gives the group of a path, the first rule that matches wins, empty: none does. */
export const createPageGroups = (rules: readonly PageGroupRule[]): ((path: string) => string) => {
  const prepared = rules.map(({ path, group }) => ({ pieces: path.split('*'), group }));
  return (path) => prepared.find(({ pieces }) => matches(path, pieces))?.group ?? '';
};

/** Do the pieces between the wildcards occur in this order, the first and the last at the ends? Linear, no backtracking. */
const matches = (path: string, pieces: readonly string[]): boolean => {
  const first = pieces[0] ?? '';
  const last = pieces.at(-1) ?? '';
  if (pieces.length === 1) return path === first;
  if (path.length < first.length + last.length || !path.startsWith(first) || !path.endsWith(last))
    return false;
  const end = path.length - last.length;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = path.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return true;
};
