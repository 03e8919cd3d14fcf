/**
 * Is there a path that both patterns match? Patterns as in `compilePathPattern`. A text directly after `{name}` is taken to be reachable, though no
 * path fits it there. Work: at most the product of their lengths.
 */
export const patternsOverlap = (left: string, right: string): boolean => {
  if (left === right) return true;
  const a = stepsOf(left);
  const b = stepsOf(right);
  const width = b.length + 1;
  const seen = new Set<number>([0]);
  const waiting = [0];
  const visit = (i: number, j: number): void => {
    const place = i * width + j;
    if (seen.has(place)) return;
    seen.add(place);
    waiting.push(place);
  };
  // Both are walked at once, character by character: a place is how far each of them has come.
  for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
    const [i, j] = [Math.floor(place / width), place % width];
    const [x, y] = [a[i], b[j]];
    if (x === undefined && y === undefined) return true;
    if (x?.repeats === true) visit(i + 1, j);
    if (y?.repeats === true) visit(i, j + 1);
    if (x !== undefined && y !== undefined && share(x.takes, y.takes))
      visit(x.repeats ? i : i + 1, y.repeats ? j : j + 1);
  }
  return false;
};

/** One character that a pattern takes; `repeats`: any number of them, none as well. */
interface Step {
  readonly takes: string | typeof NO_SLASH | typeof ANY;
  readonly repeats: boolean;
}

const NO_SLASH = Symbol('any character but /');
const ANY = Symbol('any character');

const stepsOf = (pattern: string): readonly Step[] => {
  const steps: Step[] = [];
  for (let at = 0; at < pattern.length; at += 1) {
    const char = pattern[at] ?? '';
    const end = char === '{' ? pattern.indexOf('}', at) : -1;
    if (end !== -1) {
      steps.push({ takes: NO_SLASH, repeats: false }, { takes: NO_SLASH, repeats: true });
      at = end;
    } else steps.push(char === '*' ? { takes: ANY, repeats: true } : { takes: char, repeats: false });
  }
  return steps;
};

const share = (x: Step['takes'], y: Step['takes']): boolean =>
  x === ANY || y === ANY || (x === NO_SLASH ? y !== '/' : y === NO_SLASH ? x !== '/' : x === y);
