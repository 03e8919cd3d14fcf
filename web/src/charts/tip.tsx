import { type ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import './tip.css';

const MARGIN_PX = 8;
const AWAY_PX = 12;

/**
 * What is said about the thing under the pointer or the focus, at a point of the window. It lies in the top layer and is kept inside the window, so
 * nothing cuts it off. For eyes only: what it says stands in the chart's table or label as well.
 */
export const Tip = ({
  x,
  y,
  children,
}: {
  readonly x: number;
  readonly y: number;
  readonly children: ComponentChildren;
}) => {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    if (!current.matches(':popover-open')) current.showPopover();
    const { width, height } = current.getBoundingClientRect();
    const { left, top } = placeTip({ x, y, width, height, right: innerWidth, bottom: innerHeight });
    current.style.left = `${left}px`;
    current.style.top = `${top}px`;
  });
  return (
    <div ref={element} class="tip" popover="manual" aria-hidden="true">
      {children}
    </div>
  );
};

/** Right below the point where there is room, otherwise on its other side, always inside the window. */
export const placeTip = (place: {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly right: number;
  readonly bottom: number;
}): { readonly left: number; readonly top: number } => ({
  left: placeAlong(place.x, place.width, place.right),
  top: placeAlong(place.y, place.height, place.bottom),
});

const placeAlong = (at: number, length: number, end: number): number => {
  const after = at + AWAY_PX;
  const before = at - AWAY_PX - length;
  const chosen = after + length <= end - MARGIN_PX ? after : before;
  return Math.max(MARGIN_PX, Math.min(chosen, end - MARGIN_PX - length));
};
