const MARGIN_PX = 8;
const AWAY_PX = 12;

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
