import type { PageViewAnswer } from '#reports';
import { formatBytes, formatCount, formatShort } from '../../parts/numbers.ts';

/** How a timeline is shown: its name, whose it is, what a value is called, and what its values of one second are together. */
export interface LaneWords {
  readonly name: string;
  readonly group: 'thread' | 'visitor' | 'page';
  readonly words: (value: number) => string;
  /** Least value at the upper edge, so that little looks like little. */
  readonly top: number;
  readonly ofSecond: 'sum' | 'most';
  /** In the table alone: in the picture another lane says the same. */
  readonly isTold?: boolean;
}

type Lane = PageViewAnswer['timeline'][number];

const percent = (value: number): string => `${value} %`;
const pixels = (value: number): string => `${formatCount(value)} px`;
const times = (value: number): string => formatCount(value);

const LANES: Readonly<Record<string, LaneWords>> = {
  fps: {
    name: 'Frames',
    group: 'thread',
    words: (value) => `${formatCount(value * 10)} a second`,
    top: 6,
    ofSecond: 'sum',
  },
  busy: { name: 'Busy', group: 'thread', words: percent, top: 100, ofSecond: 'most' },
  longtask: { name: 'Long tasks', group: 'thread', words: times, top: 1, ofSecond: 'sum' },
  interdly: { name: 'Delayed interactions', group: 'thread', words: times, top: 1, ofSecond: 'sum' },
  inter: { name: 'Interactions', group: 'visitor', words: times, top: 1, ofSecond: 'sum', isTold: true },
  click: { name: 'Clicks', group: 'visitor', words: times, top: 1, ofSecond: 'sum' },
  key: { name: 'Keys', group: 'visitor', words: times, top: 1, ofSecond: 'sum' },
  scroll: { name: 'Scrolled', group: 'visitor', words: pixels, top: 1, ofSecond: 'sum' },
  scrollpct: {
    name: 'Scrolled, of the page',
    group: 'visitor',
    words: percent,
    top: 100,
    ofSecond: 'sum',
    isTold: true,
  },
  mouse: { name: 'Mouse', group: 'visitor', words: pixels, top: 1, ofSecond: 'sum' },
  mousepct: {
    name: 'Mouse, of the screen',
    group: 'visitor',
    words: percent,
    top: 100,
    ofSecond: 'sum',
    isTold: true,
  },
  mem: { name: 'Memory', group: 'page', words: formatBytes, top: 1, ofSecond: 'most' },
  domsz: {
    name: 'HTML',
    group: 'page',
    words: (value) => `${formatShort(value)} chars`,
    top: 1,
    ofSecond: 'most',
  },
  domln: {
    name: 'DOM nodes',
    group: 'page',
    words: times,
    top: 1,
    ofSecond: 'most',
  },
  mut: { name: 'DOM changed', group: 'page', words: percent, top: 10, ofSecond: 'most' },
  bat: { name: 'Battery', group: 'page', words: percent, top: 100, ofSecond: 'most' },
  vis: { name: 'Shown or hidden', group: 'visitor', words: times, top: 1, ofSecond: 'sum' },
  orn: { name: 'Turned', group: 'visitor', words: times, top: 1, ofSecond: 'sum' },
};

/** Words of a timeline; one that is not known is called as Boomerang calls it. */
export const laneWords = ({ name }: Lane): LaneWords =>
  LANES[name] ?? { name, group: 'page', words: times, top: 1, ofSecond: 'sum' };

/** Signs and names of what a visitor did. */
export const INTERACTIONS: Readonly<Record<string, readonly [sign: string, name: string]>> = {
  click: ['●', 'click'],
  key: ['■', 'key'],
  scroll: ['↕', 'scroll'],
  mouse: ['+', 'mouse'],
  visibility: ['◐', 'visibility'],
  orientation: ['◇', 'orientation'],
};

/** What was done, and where. */
export const interactionWords = ({ kind, x, y, state }: PageViewAnswer['interactions'][number]): string => {
  const name = INTERACTIONS[kind]?.[1] ?? kind;
  if (state !== null) return `${name}: ${state}${kind === 'orientation' ? '°' : ''}`;
  if (kind === 'scroll') return y === null ? name : `${name} to ${formatCount(y)} px`;
  return x === null || y === null ? name : `${name} at ${formatCount(x)}, ${formatCount(y)}`;
};

/** Whose the task was, as far as the browser tells. */
export const taskWords = ({ origin, attribution }: PageViewAnswer['longTasks'][number]): string => {
  const frames = attribution
    .filter(({ container }) => container !== 'unknown')
    .map(({ container, id, name, src }) => `${container} ${id || name || src}`.trim());
  return [origin === 'self' ? 'of the page itself' : origin.replaceAll('-', ' '), ...frames].join(', ');
};
