import type { Clock } from '#core';
import type { Round } from './collect.ts';

/** The last round that was loaded. */
export interface LastRound {
  /** Epoch ms. */
  readonly at: number;
  readonly beacons: number;
  readonly tenants: number;
}

/** What is going on, for the status and for decisions that need it. */
export interface Watch {
  /** A collecting round has this oldest beacon; `reachedEndAt`: the journal had been read to its end at this instant. */
  collecting(oldest: number, reachedEndAt: number | null): void;
  loading(round: Round): void;
  loaded(round: Round): void;
  /** `receivedAt` of the oldest beacon that was read and is not loaded; null: there is none. */
  oldestWaiting(): number | null;
  /** Everything received before this instant (epoch ms) is loaded; 0: not known yet. */
  loadedThrough(): number;
  /** Tenants with beacons in the last round. */
  activeTenants(): number;
  lastRound(): LastRound | null;
}

/** A beacon is in the journal at most so much later than it was received. */
const MARGIN_MS = 60_000;

/** Creates a watch that has seen nothing. */
export const createWatch = (clock: Clock): Watch => {
  let oldestCollecting: number | null = null;
  let inLoading: Round | null = null;
  let through = 0;
  let last: LastRound | null = null;

  return {
    collecting: (oldest, reachedEndAt) => {
      oldestCollecting = Number.isFinite(oldest) ? oldest : null;
      if (reachedEndAt === null) return;
      if (oldestCollecting === null && inLoading === null) through = reachedEndAt - MARGIN_MS;
    },
    loading: (round) => {
      inLoading = round;
      oldestCollecting = null;
    },
    loaded: (round) => {
      inLoading = null;
      if (round.reachedEndAt !== null) through = Math.max(through, round.reachedEndAt - MARGIN_MS);
      const beacons = [...round.counts.read.values()].reduce((sum, count) => sum + count, 0);
      last = { at: clock.now(), beacons, tenants: round.groups.length };
    },
    oldestWaiting: () => inLoading?.oldest ?? oldestCollecting,
    loadedThrough: () => through,
    activeTenants: () => last?.tenants ?? 0,
    lastRound: () => last,
  };
};
