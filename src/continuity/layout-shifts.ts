import {
  asList,
  asMap,
  asText,
  type JsurlValue,
  readBase36,
  readBase36Decimal,
  readObjects,
} from '#encodings';

/** One layout shift: when (ms since navigation start) and how large. */
export interface LayoutShift {
  readonly at: number;
  readonly value: number;
}

/** The same with what moved. */
export interface DetailedShift extends LayoutShift {
  /** The elements that moved, as the browser orders them: by the area that they touched; it tells of five at most. */
  readonly elements: readonly MovedElement[];
}

/** An element that moved, and where from and to. */
export interface MovedElement {
  /** Text from outside; empty: the element is gone. */
  readonly selector: string;
  readonly from: Rectangle;
  readonly to: Rectangle;
}

/** What is seen of an element in the window, CSS pixels; all 0: nothing. */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const MAX_AT = 3_600_000;
const MAX_VALUE = 100;
const MAX_ELEMENTS = 16;
const MAX_SELECTOR = 512;

/**
 * Reads `c.cls.d`: the shifts since the beacon before, in order of time. `v` is the value × 1000 and `t` the start, both base 36 (the
 * start with decimals, which are cut). The first `limit`; null when it cannot be read.
 */
export const readLayoutShifts = (text: string, limit: number): readonly LayoutShift[] | null =>
  inOrder(readObjects(text, limit, shiftOf));

/**
 * Reads `c.cls.d` whole: with `s`, the elements that moved: `{s selector, p {x, y, w, h} before, d {x, y, w, h} what was added to it}`, base 36 with decimals. As
 * `readLayoutShifts` otherwise.
 */
export const readDetailedShifts = (text: string, limit: number): readonly DetailedShift[] | null =>
  inOrder(
    readObjects(text, limit, (map) => {
      const shift = shiftOf(map);
      if (shift === null) return null;
      return { ...shift, elements: asList(map.get('s')).slice(0, MAX_ELEMENTS).flatMap(elementOf) };
    }),
  );

const inOrder = <T extends LayoutShift>(shifts: readonly T[] | null): readonly T[] | null =>
  shifts === null ? null : shifts.toSorted((a, b) => a.at - b.at);

const shiftOf = (shift: ReadonlyMap<string, JsurlValue>): LayoutShift | null => {
  const [start = ''] = asText(shift.get('t')).split('.', 1);
  const at = readBase36(start);
  const value = readBase36(asText(shift.get('v'))) / 1_000;
  return at >= 0 && at <= MAX_AT && value >= 0 && value <= MAX_VALUE ? { at, value } : null;
};

const elementOf = (item: JsurlValue): readonly MovedElement[] => {
  const element = asMap(item);
  const [before, change] = [asMap(element?.get('p')), asMap(element?.get('d'))];
  if (element === undefined || before === undefined) return [];
  const side = (key: string) => {
    const [from, added] = [lengthOf(before.get(key)), lengthOf(change?.get(key))];
    return { from, to: Math.round((from + added) * 100) / 100 };
  };
  const [x, y, width, height] = [side('x'), side('y'), side('w'), side('h')];
  return [
    {
      selector: asText(element.get('s')).slice(0, MAX_SELECTOR),
      from: { x: x.from, y: y.from, width: width.from, height: height.from },
      to: { x: x.to, y: y.to, width: width.to, height: height.to },
    },
  ];
};

/** A length in CSS pixels; 0 when it is not told or none. */
const lengthOf = (value: JsurlValue | undefined): number => readBase36Decimal(asText(value)) || 0;
