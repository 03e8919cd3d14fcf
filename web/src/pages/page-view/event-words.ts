import type { PageViewAnswer } from '#reports';
import { formatDuration } from '../../parts/numbers.ts';

type SlowEvent = PageViewAnswer['slowEvents'][number];

/** What a slow event was, how long it took and where. */
export const eventWords = ({ name, duration, processing, target }: SlowEvent): string =>
  [
    `${name} ${formatDuration(duration)}`,
    ...(processing > 0 ? [`handlers ${formatDuration(processing)}`] : []),
    ...(target === '' ? [] : [target]),
  ].join(', ');

/**
 * One event for each interaction, the longest and of those alike the last one, by their start: an interaction makes several (pointerdown, pointerup, click) that wait
 * for the same paint. What belongs to no interaction (the mouse entered an element) is left out.
 */
export const interactionEvents = (events: readonly SlowEvent[]): readonly SlowEvent[] => {
  const found = new Map<number, SlowEvent>();
  for (const event of events) {
    const { interaction, duration } = event;
    if (interaction === null || event.isFirst) continue;
    if (duration >= (found.get(interaction)?.duration ?? 0)) found.set(interaction, event);
  }
  return [...found.values()].toSorted((a, b) => a.start - b.start);
};
