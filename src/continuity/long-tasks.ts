import { asList, asMap, asNumber, asText, type JsurlValue, readBase36, readObjects } from '#encodings';

/** A task that kept the main thread for more than 50 ms. */
export interface LongTask {
  /** ms since navigation. */
  readonly start: number;
  readonly duration: number;
  /** In whose frame: `self`, `same-origin-ancestor`, `cross-origin-descendant`, … as `PerformanceLongTaskTiming.name`, or `unknown`. */
  readonly origin: string;
  readonly attribution: readonly TaskAttribution[];
}

/** The frame that the work was done in, as far as the browser tells. Names are text from outside. */
export interface TaskAttribution {
  /** unknown, script, layout. */
  readonly work: string;
  /** unknown (the page itself), iframe, embed, object. */
  readonly container: string;
  /** Name of the element when it has no id; empty: none. */
  readonly name: string;
  readonly id: string;
  /** Address of the frame when the element has no id; empty: not told. */
  readonly src: string;
}

const ORIGINS = [
  'unknown',
  'self',
  'same-origin-ancestor',
  'same-origin-descendant',
  'same-origin',
  'cross-origin-ancestor',
  'cross-origin-descendant',
  'cross-origin-unreachable',
  'multiple-contexts',
];
const WORK = ['unknown', 'script', 'layout'];
const CONTAINERS = ['unknown', 'iframe', 'embed', 'object'];

/** The specification has one; more are not read. */
const MAX_ATTRIBUTIONS = 8;
const MAX_TEXT = 512;

/**
 * Reads the list of long tasks (`c.lt`): `{s start, d duration, n origin, a [{a work, t container, n name, i id, s source}]}`, times in base 36, JSURL or
 * JSON. The first `limit` tasks, without those that have no times; null when it cannot be read.
 */
export const readLongTasks = (text: string, limit: number): readonly LongTask[] | null =>
  readObjects(text, limit, taskOf);

const taskOf = (task: ReadonlyMap<string, JsurlValue>): LongTask | null => {
  const start = readBase36(asText(task.get('s')));
  const duration = readBase36(asText(task.get('d')));
  if (!(start >= 0) || !(duration >= 0)) return null;
  const attribution = asList(task.get('a')).slice(0, MAX_ATTRIBUTIONS).flatMap(attributionOf);
  return { start, duration, origin: nameIn(ORIGINS, task.get('n')), attribution };
};

const attributionOf = (item: JsurlValue): readonly TaskAttribution[] => {
  const culprit = asMap(item);
  if (culprit === undefined) return [];
  return [
    {
      work: nameIn(WORK, culprit.get('a')),
      container: nameIn(CONTAINERS, culprit.get('t')),
      name: textOf(culprit.get('n')),
      id: textOf(culprit.get('i')),
      src: textOf(culprit.get('s')),
    },
  ];
};

const nameIn = (names: readonly string[], code: JsurlValue | undefined): string =>
  names[asNumber(code)] ?? 'unknown';

const textOf = (value: JsurlValue | undefined): string => asText(value).slice(0, MAX_TEXT);
