import type { Grouping } from './bucket-counts.ts';
import { parameterFault, refusal } from './faults.ts';
import type { Period } from './tenant-views.ts';

/** A step of time; weeks begin on Monday. All of them in UTC. */
export type Step = 'minute' | 'hour' | 'day' | 'week';

/** The steps in which a period is shown. */
export interface Steps {
  readonly step: Step;
  readonly seconds: number;
  /** Begin of the first step, epoch seconds: at or before the period's. */
  readonly first: number;
  readonly count: number;
}

const SECONDS: Readonly<Record<Step, number>> = { minute: 60, hour: 3_600, day: 86_400, week: 604_800 };

/** The first Monday of the epoch, seconds. */
const MONDAY = 4 * 86_400;

/** More points than this are more than any screen shows. */
const MAX_POINTS = 1_500;

/** All steps that a period touches. Errors: 400 when they are more than `maxPoints`. */
export const stepsOf = ({ from, to }: Period, asked: Step | 'auto', maxPoints = MAX_POINTS): Steps => {
  const step = asked === 'auto' ? fittingStep(to - from) : asked;
  const seconds = SECONDS[step];
  const origin = step === 'week' ? MONDAY : 0;
  const first = Math.floor((from / 1_000 - origin) / seconds) * seconds + origin;
  const count = Math.ceil((to / 1_000 - first) / seconds);
  if (count > maxPoints)
    throw refusal(
      400,
      parameterFault(
        'step',
        asked,
        `a longer step or a shorter period: it would be ${count} points, at most ${maxPoints} are shown`,
      ),
    );
  return { step, seconds, first, count };
};

/** Minutes for 3 hours, hours for 3 days, days for 4 months, weeks beyond. */
const fittingStep = (lengthMs: number): Step => {
  const hours = lengthMs / 3_600_000;
  if (hours <= 3) return 'minute';
  if (hours <= 72) return 'hour';
  return hours <= 24 * 124 ? 'day' : 'week';
};

/** Divides page views by steps: the number of the step, from 0. */
export const byStep = ({ first, seconds, count }: Steps): Grouping => ({
  sql: `intDiv(toUInt32(started_at) - {first:UInt32}, ${seconds})`,
  groups: count,
  parameters: { first },
});

/** Begin of a step, ISO. */
export const beginOf = ({ first, seconds }: Steps, index: number): string =>
  new Date((first + index * seconds) * 1_000).toISOString();
