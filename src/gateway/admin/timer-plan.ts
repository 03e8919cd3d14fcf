import { Cron } from 'croner';
import type { ModuleDescriptor } from '../descriptor.ts';
import type { RoutingEntry } from '../descriptor-entry.ts';
import { parseModuleId } from '../module-id.ts';

/** A call that a module wants regularly for each tenant. */
export interface Timer {
  /** `<product>_<index>`. */
  readonly id: string;
  readonly moduleId: string;
  readonly routingEntry: RoutingEntry;
}

/** When a timer runs: a pause (`unit`, `delay`) or a `schedule`. */
export type TimerTime = Pick<RoutingEntry, 'unit' | 'delay' | 'schedule'>;

const UNIT_MS: Readonly<Record<string, number>> = {
  millisecond: 1,
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

/** The timers of a module: the handlers of its system interface `_timer`. */
export const timersOf = (module: ModuleDescriptor): readonly Timer[] =>
  (module.provides ?? [])
    .filter(({ id }) => id === '_timer')
    .flatMap(({ handlers = [] }) => handlers)
    .map((routingEntry, index) => ({
      id: `${parseModuleId(module.id).product}_${index}`,
      moduleId: module.id,
      routingEntry,
    }));

/** The timer with another time: what is not given is taken away, except that a delay alone keeps the unit. */
export const withTime = (timer: Timer, time: TimerTime | undefined): Timer => {
  if (time === undefined) return timer;
  const { unit, delay: _delay, schedule: _schedule, ...entry } = timer.routingEntry;
  const kept = time.schedule === undefined && time.unit === undefined && unit !== undefined ? { unit } : {};
  return { ...timer, routingEntry: { ...entry, ...kept, ...time } };
};

/** When the timer is due next after `now` (epoch ms); null: never, because it is switched off (`delay` 0) or says nothing readable. */
export const nextDue = ({ schedule, unit, delay }: TimerTime, now: number): number | null => {
  if (schedule !== undefined) return nextOfCron(schedule['cron'], schedule['zone'] ?? 'UTC', now);
  const pause = Number(delay ?? 0) * (UNIT_MS[unit ?? ''] ?? 0);
  return Number.isFinite(pause) && pause > 0 ? now + pause : null;
};

const nextOfCron = (cron: unknown, timezone: unknown, now: number): number | null => {
  if (typeof cron !== 'string' || typeof timezone !== 'string') return null;
  try {
    return new Cron(cron, { timezone, paused: true }).nextRun(new Date(now))?.getTime() ?? null;
  } catch {
    // One module's unreadable timer must not stop the others, nor the gateway.
    return null;
  }
};
