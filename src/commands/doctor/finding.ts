/** One thing that was looked at. `hint` says what to do about it. */
export interface Finding {
  readonly state: 'good' | 'note' | 'bad';
  readonly what: string;
  readonly found: string;
  readonly hint?: string;
}

const MARKS = { good: '✓ ok  ', note: '! note', bad: '✗ bad ' } as const;

/** A finding as one line, with its hint below. */
export const findingText = ({ state, what, found, hint }: Finding): string =>
  `${MARKS[state]}  ${what.padEnd(18)} ${found}${hint === undefined ? '' : `\n${' '.repeat(27)}→ ${hint}`}`;
