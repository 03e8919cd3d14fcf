/**
 * Bytes of a segment that are no record. `torn`: the end of a segment whose writer died or failed, never acknowledged as a
 * whole record; `corrupt`: in the middle, records may have been lost; `copy`: a second copy of a record that stands in its
 * place elsewhere; `unreadable`: a whole record that this version cannot decode; `misnamed`: the whole file belongs to another segment.
 */
export interface Damage {
  readonly kind: 'torn' | 'corrupt' | 'copy' | 'unreadable' | 'misnamed';
  readonly segment: string;
  /** Where it begins. */
  readonly offset: number;
  /** How long it is. */
  readonly bytes: number;
}
