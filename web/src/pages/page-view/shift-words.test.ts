import { describe, expect, test } from 'vitest';
import { movedWords, shiftWords } from './shift-words.ts';

const BOX = { x: 10, y: 20, width: 300, height: 100 };
const NOWHERE = { x: 0, y: 0, width: 0, height: 0 };
const moved = (to: Partial<typeof BOX>) => movedWords({ selector: 'p', from: BOX, to: { ...BOX, ...to } });

describe('words of a layout shift', () => {
  test('say where an element went, and how its size changed', () => {
    expect(moved({ y: 108 })).toBe('88 px down');
    expect(moved({ x: 4, y: 14, width: 1_300, height: 90 })).toBe(
      '6 px left, 6 px up, 1,000 px wider, 10 px shorter',
    );
    expect(moved({ x: 10.4 })).toBe('stayed');
  });

  test('say what came and what went', () => {
    expect(movedWords({ selector: 'p', from: NOWHERE, to: BOX })).toBe('came into the window');
    expect(movedWords({ selector: 'p', from: BOX, to: NOWHERE })).toBe('went out of the window');
  });

  test('name each element after how large the shift was', () => {
    const elements = [
      { selector: 'main p', from: BOX, to: { ...BOX, y: 30 } },
      { selector: '', from: BOX, to: { ...BOX, x: 11 } },
    ];
    expect(shiftWords({ at: 1, value: 0.0481, elements })).toBe(
      'by 0.048, main p 10 px down, an element that is gone 1 px right',
    );
  });
});
