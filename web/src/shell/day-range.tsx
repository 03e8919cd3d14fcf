import { useState } from 'preact/hooks';
import { TextField } from '../parts/field.tsx';
import { useApp } from '../state/app-state.ts';
import { dayOf } from '../state/moment.ts';

/** Two days that are being chosen, as in `2027-01-31`. */
export interface DayRange {
  readonly from: string;
  /** Still belongs to it. */
  readonly to: string;
  /** A day is missing, or the second lies before the first. */
  readonly isWrong: boolean;
  readonly setFrom: (day: string) => void;
  readonly setTo: (day: string) => void;
}

/** Begins with the days of a period: epoch ms, the end is exclusive. */
export const useDayRange = (period: { readonly from: number; readonly to: number }): DayRange => {
  const [from, setFrom] = useState(dayOf(period.from));
  const [to, setTo] = useState(dayOf(period.to - 1));
  return { from, to, isWrong: from === '' || to === '' || from > to, setFrom, setTo };
};

/** The fields of two days, none after today. */
export const DayRangeFields = ({
  range,
  fault,
}: {
  readonly range: DayRange;
  /** What is said when the range is wrong. */
  readonly fault: string;
}) => {
  const today = dayOf(useApp().now.value);
  return (
    <>
      <TextField label="From" type="date" value={range.from} onValue={range.setFrom} max={today} />
      <TextField
        label="Through"
        type="date"
        value={range.to}
        onValue={range.setTo}
        max={today}
        fault={range.isWrong ? fault : ''}
      />
    </>
  );
};
