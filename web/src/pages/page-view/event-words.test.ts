import { describe, expect, test } from 'vitest';
import { eventWords, interactionEvents } from './event-words.ts';

const EVENT = {
  name: 'click',
  start: 100,
  duration: 272,
  processing: 12,
  isCancelable: true,
  isFirst: false,
  interaction: 7,
  target: 'button#buy',
};

describe('slow events', () => {
  test('say what they were, how long they took and where', () => {
    expect(eventWords(EVENT)).toBe('click 272 ms, handlers 12 ms, button#buy');
    expect(eventWords({ ...EVENT, processing: 0, target: '' })).toBe('click 272 ms');
  });

  test('are one for each interaction: the longest, and of those alike the last one', () => {
    const down = { ...EVENT, name: 'pointerdown', start: 90 };
    const short = { ...EVENT, name: 'pointerup', duration: 16 };
    const enter = { ...EVENT, name: 'pointerenter', interaction: null };
    const first = { ...EVENT, name: 'mousedown', duration: 900, isFirst: true };
    const key = { ...EVENT, name: 'keydown', start: 50, interaction: 8 };
    expect(interactionEvents([first, enter, down, EVENT, short, key]).map(({ name }) => name)).toEqual([
      'keydown',
      'click',
    ]);
  });
});
