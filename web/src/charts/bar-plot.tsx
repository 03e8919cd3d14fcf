import type { ComponentChildren } from 'preact';

/** A bar that is pointed at, and where its tip stands in the window, in CSS pixels. */
export interface PointedBar {
  readonly index: number;
  readonly x: number;
  readonly y: number;
}

/** The picture of bars side by side: the mouse and the arrow keys point at one of them. */
export const BarPlot = ({
  label,
  width,
  height,
  bars,
  tipTop,
  pointed,
  onPoint,
  children,
}: {
  /** Sentences: what is shown. */
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** Left and right side of each bar in pixels of the plot, from left to right. */
  readonly bars: readonly (readonly [number, number])[];
  /** Where tips stand, in pixels below the plot's upper edge. */
  readonly tipTop: number;
  readonly pointed: PointedBar | null;
  readonly onPoint: (bar: PointedBar | null) => void;
  readonly children: ComponentChildren;
}) => {
  const pointAt = (index: number, plot: Element): void => {
    const next = Math.max(0, Math.min(bars.length - 1, index));
    const bar = bars[next];
    if (bar === undefined) return;
    const { left, top } = plot.getBoundingClientRect();
    onPoint({ index: next, x: left + (bar[0] + bar[1]) / 2, y: top + tipTop });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
    if (by === 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    pointAt((pointed?.index ?? (by > 0 ? -1 : bars.length)) + by, event.currentTarget as Element);
  };
  return (
    <svg
      width={width}
      height={height}
      role="application"
      aria-roledescription="chart"
      aria-label={`${label} Arrow keys move along the bars.`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onBlur={() => onPoint(null)}
      onMouseLeave={() => onPoint(null)}
      onMouseMove={(event) => {
        const plot = event.currentTarget;
        const offset = event.clientX - plot.getBoundingClientRect().left;
        const index = bars.findIndex(([, right]) => right >= offset);
        pointAt(index === -1 ? bars.length - 1 : index, plot);
      }}
    >
      {children}
    </svg>
  );
};
