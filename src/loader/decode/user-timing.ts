import { asText, decodeObject, type JsurlValue, readBase36 } from '#encodings';

const MAX_DEPTH = 64;
const MAX_NAMES = 256;

/**
 * Reads `usertiming`: marks (ms since navigation start) and measures (duration in ms), by name; of several of one name the last
 * one. Plain JSON `{mark: {…}, measure: {…}}`, or the compressed trie: names by pieces (`!` is the node itself), values base 36, each
 * `start` or `start_duration`, starts relative to the one before, `.` between them, `*n` repeats. Null when it is neither.
 */
export const readUserTimings = (text: string): ReadonlyMap<string, number> | null => {
  const value = decodeObject(text);
  if (!(value instanceof Map)) return null;
  const root = value as ReadonlyMap<string, JsurlValue>;
  const timings = new Map<string, number>();
  if (text.startsWith('{')) {
    for (const kind of ['mark', 'measure']) {
      const entries = root.get(kind);
      if (!(entries instanceof Map)) continue;
      for (const [name, time] of entries as ReadonlyMap<string, JsurlValue>)
        if (typeof time === 'number' && timings.size < MAX_NAMES) timings.set(name, time);
    }
  } else walk(root, '', 0, timings);
  return timings;
};

const walk = (
  node: ReadonlyMap<string, JsurlValue>,
  prefix: string,
  depth: number,
  timings: Map<string, number>,
): void => {
  for (const [piece, value] of node) {
    if (timings.size >= MAX_NAMES) return;
    const name = piece === '!' ? prefix : prefix + piece;
    if (value instanceof Map) {
      if (depth < MAX_DEPTH) walk(value as ReadonlyMap<string, JsurlValue>, name, depth + 1, timings);
      continue;
    }
    const last = lastTiming(asText(value));
    if (last !== null) timings.set(name, last);
  }
};

/** Duration of the last measure, or time of the last mark. */
const lastTiming = (text: string): number | null => {
  let startTime = 0;
  let last: number | null = null;
  for (const part of text.split('.', 1_000)) {
    const [value = '', repeat = ''] = part.split('*', 2);
    const times = part.includes('*') ? (repeat === '' ? 2 : Number(repeat)) : 1;
    const [start = '', duration] = value.split('_', 2);
    startTime += (start === '' ? 0 : readBase36(start)) * times;
    last = duration === undefined ? startTime : duration === '' ? 0 : readBase36(duration);
  }
  return last !== null && Number.isFinite(last) ? last : null;
};
