import { expect, it } from 'vitest';
import { placeTip } from './tip-place.ts';

const window = { right: 400, bottom: 300, width: 120, height: 50 };

it('stands beyond the point where there is room', () => {
  expect(placeTip({ ...window, x: 100, y: 100 })).toEqual({ left: 112, top: 112 });
});

it('goes to the other side rather than out of the window', () => {
  expect(placeTip({ ...window, x: 390, y: 290 })).toEqual({ left: 258, top: 228 });
});

it('stays inside of a window that is narrower than both', () => {
  expect(placeTip({ ...window, right: 130, x: 60, y: 10 }).left).toBeGreaterThanOrEqual(2);
});
