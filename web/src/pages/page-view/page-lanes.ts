import type { PageViewAnswer } from '#reports';
import { startOfLane, type TimeLane } from '../../charts/time-lanes-layout.ts';
import { formatDuration } from '../../parts/numbers.ts';
import { errorName } from './error-words.ts';
import { eventWords, interactionEvents } from './event-words.ts';
import { INTERACTIONS, interactionWords, laneWords, taskWords } from './lane-words.ts';
import { shiftWords } from './shift-words.ts';

type OverTime = Pick<
  PageViewAnswer,
  'timeline' | 'longTasks' | 'interactions' | 'slowEvents' | 'layoutShifts' | 'errors'
>;

/** Lanes that the list of long tasks, and those that the log of interactions, say better. */
const OF_TASKS: ReadonlySet<string> = new Set(['longtask']);
const OF_LOG: ReadonlySet<string> = new Set(['click', 'key', 'vis', 'orn']);

/** The lanes of a page view in the order of drawing: the main thread, the visitor, the page. */
export const pageLanes = (answer: OverTime): readonly TimeLane[] => {
  const all = [...listLanes(answer), ...areaLanes(answer)];
  return GROUPS.flatMap((group) => all.filter((lane) => lane.group === group));
};

const GROUPS = ['thread', 'visitor', 'page'] as const;

const areaLanes = ({ timeline, longTasks, interactions }: OverTime): readonly TimeLane[] =>
  timeline
    .filter(
      (lane) =>
        laneWords(lane).isTold !== true &&
        !(longTasks.length > 0 && OF_TASKS.has(lane.name)) &&
        !(interactions.length > 0 && OF_LOG.has(lane.name)),
    )
    .map((lane): TimeLane => {
      const { name, group, words, top } = laneWords(lane);
      const most = lane.buckets.reduce((largest, { value }) => Math.max(largest, value), top);
      return { kind: 'area', name, group, words, top: most, buckets: lane.buckets };
    });

/** Lanes of what is told one by one; those of which nothing is told are left out. */
const listLanes = ({
  longTasks,
  interactions,
  slowEvents,
  layoutShifts,
  errors,
}: OverTime): readonly TimeLane[] => {
  const lanes: readonly TimeLane[] = [
    {
      kind: 'blocks',
      name: 'Long tasks',
      group: 'thread',
      blocks: longTasks.map((task) => ({
        from: task.start,
        to: task.start + task.duration,
        words: `${formatDuration(task.duration)}, ${taskWords(task)}`,
      })),
    },
    {
      kind: 'marks',
      name: 'Errors',
      group: 'thread',
      marks: errors.flatMap((error) =>
        error.at === null ? [] : [{ at: error.at, sign: '✕', words: errorName(error).slice(0, MAX_ERROR) }],
      ),
    },
    {
      kind: 'marks',
      name: 'Visitor',
      group: 'visitor',
      marks: interactions.map((each) => ({
        at: each.at,
        sign: INTERACTIONS[each.kind]?.[0] ?? '?',
        words: interactionWords(each),
      })),
    },
    {
      kind: 'blocks',
      name: 'Waited',
      group: 'visitor',
      blocks: interactionEvents(slowEvents).map((event) => ({
        from: event.start,
        to: event.start + event.duration,
        words: eventWords(event),
      })),
    },
    {
      kind: 'marks',
      name: 'Shifts',
      group: 'page',
      marks: layoutShifts.map((shift) => ({ at: shift.at, sign: '▼', words: shiftWords(shift) })),
    },
  ];
  return lanes.filter((lane) => startOfLane(lane) !== Number.POSITIVE_INFINITY);
};

/** Letters of an error in a tip. */
const MAX_ERROR = 120;

/** A line of the table of timelines: the seconds of a page in which something was measured, and a figure for each timeline; null: none. */
export interface SecondOfPage {
  /** From navigation, from 0. */
  readonly second: number;
  readonly values: readonly (number | null)[];
}

/** The timelines by seconds: sums of what is counted, the greatest of what is a state or a percentage. */
export const bySecond = (timeline: OverTime['timeline']): readonly SecondOfPage[] => {
  const figures = timeline.map((lane) => {
    const isSum = laneWords(lane).ofSecond === 'sum';
    const found = new Map<number, number>();
    for (const { at, value } of lane.buckets) {
      const second = Math.floor(at / 1_000);
      const before = found.get(second) ?? 0;
      found.set(second, isSum ? before + value : Math.max(before, value));
    }
    return found;
  });
  const seconds = new Set(figures.flatMap((found) => [...found.keys()]));
  return [...seconds]
    .toSorted((a, b) => a - b)
    .map((second) => ({ second, values: figures.map((found) => found.get(second) ?? null) }));
};
