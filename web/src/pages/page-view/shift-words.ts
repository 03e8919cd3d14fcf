import type { PageViewAnswer } from '#reports';
import { formatCount } from '../../parts/numbers.ts';

type Shift = PageViewAnswer['layoutShifts'][number];
type Moved = Shift['elements'][number];

/** How large a shift was, and what moved. */
export const shiftWords = ({ value, elements }: Shift): string =>
  [`by ${value.toFixed(3)}`, ...elements.map((each) => `${elementName(each)} ${movedWords(each)}`)].join(
    ', ',
  );

/** The element as the page names it. */
export const elementName = ({ selector }: Moved): string =>
  selector === '' ? 'an element that is gone' : selector;

/** Where an element went: `88 px down`, `came`, `went`; what the browser tells is what of it is in the window. */
export const movedWords = ({ from, to }: Moved): string => {
  if (isNothing(from) && !isNothing(to)) return 'came into the window';
  if (isNothing(to)) return 'went out of the window';
  const words = [
    distance(to.x - from.x, 'right', 'left'),
    distance(to.y - from.y, 'down', 'up'),
    distance(to.width - from.width, 'wider', 'narrower'),
    distance(to.height - from.height, 'taller', 'shorter'),
  ].filter((each) => each !== '');
  return words.length === 0 ? 'stayed' : words.join(', ');
};

const isNothing = ({ width, height }: Moved['from']): boolean => width === 0 && height === 0;

const distance = (pixels: number, more: string, less: string): string => {
  const whole = Math.round(Math.abs(pixels));
  return whole === 0 ? '' : `${formatCount(whole)} px ${pixels > 0 ? more : less}`;
};
