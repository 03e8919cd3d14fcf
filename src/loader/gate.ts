import type { Clock, Log } from '#core';
import type { InsertTrouble, WarehousePort } from './ports.ts';

/** Is the warehouse there? One answer for all tenants, so that an outage is probed once and not by each of them. */
export interface WarehouseGate {
  readonly up: boolean;
  /** Why it is down; '' when it is up. */
  readonly reason: string;
  /** It answers, and refuses all inserts: why (credentials, quota, too many queries). Null: it does not. */
  readonly refusal: InsertTrouble | null;
  /** Grows by one each time that it begins to refuse. */
  readonly refusals: number;
  /** When the server started, as the last probe saw it (epoch ms); null before the first. */
  readonly serverStartedAt: number | null;
  /** Grows by one at each outage. */
  readonly outages: number;
  /**
   * Asks the server now; when it does not answer, again with growing pauses until it does or `signal` aborts.
   * Callers share one probe. `trouble` is what made the caller ask.
   */
  waitUntilUp(trouble: string, signal: AbortSignal): Promise<void>;
  /** An insert worked: the next trouble begins with short pauses again. */
  worked(): void;
  /**
   * An insert was refused by a server that answers: for all tables, or for one. Each cause (code) has one line in the log, however many
   * organizations meet it, and another one an hour later.
   */
  refused(trouble: InsertTrouble, scope: 'server' | 'table'): void;
  /** Is this cause in the log? */
  isTold(code: string): boolean;
}

/** Times of the gate. */
export interface GateOptions {
  readonly probeTimeoutMs: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** 0 to 1; spreads the pauses. */
  readonly random: () => number;
}

/** A cause that lasts is told again so much later. */
const TELL_AGAIN_MS = 3_600_000;

/** Creates a gate that is taken to be up until somebody has trouble. */
export const createGate = (
  warehouse: Pick<WarehousePort, 'probe'>,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
  options: GateOptions,
): WarehouseGate => {
  const state = { up: true, reason: '', serverStartedAt: null as number | null, outages: 0 };
  const told = new Map<string, number>();
  let refusal: InsertTrouble | null = null;
  let refusals = 0;
  let troubles = 0;
  let probing: Promise<void> | null = null;

  const pause = (): number => {
    const ceiling = Math.min(options.longestPauseMs, options.firstPauseMs * 2 ** Math.min(troubles - 1, 20));
    return ceiling * (0.5 + options.random() / 2);
  };

  const probeUntilUp = async (trouble: string, signal: AbortSignal): Promise<void> => {
    // Trouble after trouble although probes work (read-only server, refused credentials for inserts): slow down as well.
    troubles++;
    if (troubles > 1) await clock.sleep(pause(), signal);
    while (!signal.aborted) {
      const { up, startedAt } = await warehouse.probe(options.probeTimeoutMs);
      if (up) {
        if (!state.up) log.info('warehouse_returned', { outages: state.outages });
        Object.assign(state, { up: true, reason: '', serverStartedAt: startedAt });
        return;
      }
      if (state.up) {
        Object.assign(state, { up: false, reason: trouble, outages: state.outages + 1 });
        log.warn('warehouse_lost', { reason: trouble });
      }
      troubles++;
      await clock.sleep(pause(), signal);
    }
  };

  return {
    get up() {
      return state.up;
    },
    get reason() {
      return state.reason;
    },
    get refusal() {
      return refusal;
    },
    get refusals() {
      return refusals;
    },
    get serverStartedAt() {
      return state.serverStartedAt;
    },
    get outages() {
      return state.outages;
    },
    waitUntilUp: (trouble, signal) => {
      probing ??= probeUntilUp(trouble, signal).finally(() => {
        probing = null;
      });
      return probing;
    },
    worked: () => {
      troubles = 0;
      if (refusal === null) return;
      log.info('warehouse_accepts', { code: refusal.code });
      refusal = null;
    },
    refused: ({ code, reason }, scope) => {
      if (scope === 'server') {
        if (refusal === null) refusals++;
        refusal = { code, reason };
      }
      const now = clock.monotonic();
      if (now - (told.get(code) ?? Number.NEGATIVE_INFINITY) < TELL_AGAIN_MS) return;
      told.set(code, now);
      log.warn('warehouse_refuses', { code, reason, scope });
    },
    isTold: (code) => told.has(code),
  };
};
