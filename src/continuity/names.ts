/** Timelines of the Continuity plug-in by what follows `c.t.` in their parameter. */
export const LANES = [
  'fps',
  'busy',
  'longtask',
  'inter',
  'interdly',
  'click',
  'key',
  'scroll',
  'scrollpct',
  'mouse',
  'mousepct',
  'mem',
  'domsz',
  'domln',
  'mut',
  'bat',
  'vis',
  'orn',
] as const;

/** Name of a timeline. */
export type Lane = (typeof LANES)[number];

/** Timelines of a state, which lasts until it is measured again; the others count what happened. 0: not measured yet. */
export const STATE_LANES: ReadonlySet<Lane> = new Set(['mem', 'domsz', 'domln', 'bat']);

/** Parameters that the functions of this folder read. */
export const CONTINUITY_LISTS: readonly string[] = ['c.l', 'c.lt', ...LANES.map((lane) => `c.t.${lane}`)];
