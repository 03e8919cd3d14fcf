import { readBase36 } from '#encodings';

/** What a visitor or the window did. */
export type InteractionKind = (typeof KINDS)[number];

/** One entry of the log. */
export interface Interaction {
  /** ms since navigation (since Boomerang began, where the browser does not tell when that was). */
  readonly at: number;
  readonly kind: InteractionKind;
  /** CSS pixels; of a scroll only `y`, of a key neither. */
  readonly x: number | null;
  readonly y: number | null;
  /** What the page has become: visible, hidden, prerender, unloaded; the angle of the screen in degrees; null for other kinds. */
  readonly state: string | null;
}

/** By their number in the log. */
const KINDS = ['scroll', 'click', 'mouse', 'key', 'visibility', 'orientation'] as const;
const VISIBILITY = ['visible', 'hidden', 'prerender', 'unloaded'] as const;

/** An entry has two parameters at most. */
const MAX_PARTS = 4;

/**
 * Reads the log of the Continuity plug-in (`c.l`): `<kind><ms, base 36>,<letter><value, base 36>,…` with `|` between entries. The first `limit` entries;
 * those that cannot be read are left out.
 */
export const readInteractionLog = (text: string, limit: number): readonly Interaction[] =>
  text === '' ? [] : text.split('|', limit).flatMap(readEntry);

const readEntry = (entry: string): readonly Interaction[] => {
  const [head = '', ...parts] = entry.split(',', MAX_PARTS);
  const kind = KINDS[head.charCodeAt(0) - ZERO];
  const at = readBase36(head, 1);
  if (kind === undefined || !(at >= 0)) return [];
  const values = new Map(parts.map((part) => [part.charAt(0), numberOf(part.slice(1))]));
  return [{ at, kind, x: values.get('x') ?? null, y: values.get('y') ?? null, state: stateOf(kind, values) }];
};

const ZERO = 0x30;

/** Whole part of a number in base 36: places of a pointer may have a fraction. */
const numberOf = (text: string): number | null => {
  const value = readBase36(text.split('.', 1)[0] ?? '');
  return Number.isNaN(value) ? null : value;
};

const stateOf = (kind: InteractionKind, values: ReadonlyMap<string, number | null>): string | null => {
  if (kind === 'visibility') return VISIBILITY[values.get('s') ?? -1] ?? null;
  const angle = kind === 'orientation' ? (values.get('a') ?? null) : null;
  return angle === null ? null : String(angle);
};
