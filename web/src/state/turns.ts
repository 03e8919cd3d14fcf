/**
 * When a request goes out: after those of the turns before its own have been answered. A report keeps both cores of a small server busy, so whatever is asked beside the
 * first chart makes that late.
 *
 * - `first`: what the first chart of the page shows
 * - `second`: the figures around it
 * - `beside`: goes out with those, and nobody waits for it: notes, which are not of the reports
 * - `third`: what those are compared with, and the choice of sites
 * - `in-turn`: the rest, as components stand on the page, but parents after their children
 */
export type Turn = 'first' | 'second' | 'beside' | 'third' | 'in-turn';

/** Who is in the order before whom. */
export interface Turns {
  /** Says that something of this turn is awaited. What is given back says that it is no longer; it may be called twice. What takes too long is no longer waited for. */
  enter(turn: Turn): () => void;
  /** Runs what belongs to the turn as soon as nothing of an earlier one is awaited, unless what is given back is called before. Only what is `first` runs at once: of the rest nobody knows yet what else is asked for at the same moment. */
  whenFree(turn: Turn, go: () => void): () => void;
}

/** How many turns go before. */
const PLACES: Readonly<Record<Turn, number>> = { first: 0, second: 1, beside: 1, third: 2, 'in-turn': 3 };

/**
 * Creates the order of a window. `later` runs something after what is under way has been rendered, which may ask for more; `muchLater` when nobody would wait any longer: one
 * report that is heavy does not keep the whole page empty.
 */
export const createTurns = (
  later: (run: () => void) => void,
  muchLater: (run: () => void) => void,
): Turns => {
  const awaited = [0, 0, 0, 0];
  const waiting = new Set<{ readonly turn: number; readonly go: () => void }>();
  const isFree = (turn: number): boolean => awaited.slice(0, turn).every((count) => count === 0);
  const look = (): void => {
    for (const one of waiting) if (isFree(one.turn) && waiting.delete(one)) one.go();
  };
  return {
    enter: (name) => {
      if (name === 'beside') return () => undefined;
      const turn = PLACES[name];
      awaited[turn] = (awaited[turn] ?? 0) + 1;
      let isIn = true;
      const leave = (): void => {
        if (!isIn) return;
        isIn = false;
        awaited[turn] = (awaited[turn] ?? 0) - 1;
        if (waiting.size > 0) later(look);
      };
      muchLater(leave);
      return leave;
    },
    whenFree: (name, go) => {
      const one = { turn: PLACES[name], go };
      if (one.turn === 0) go();
      else {
        waiting.add(one);
        later(look);
      }
      return () => waiting.delete(one);
    },
  };
};
