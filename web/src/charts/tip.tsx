import { type ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { placeTip } from './tip-place.ts';
import './tip.css';

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
