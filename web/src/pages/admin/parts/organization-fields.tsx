import { TextField } from '../../../parts/field.tsx';
import { dayText, yearLater } from './days.ts';
import { Button } from '../../../parts/button.tsx';
import './admin.css';

/** The last day of something, with a shortcut to a year from now. '' is without end. */
export const ExpireField = ({
  label = 'Valid through',
  value,
  onValue,
  fault,
  hint = 'The end of this day, UTC. Empty: without end.',
}: {
  readonly label?: string;
  readonly value: string;
  readonly onValue: (value: string) => void;
  readonly fault: string | undefined;
  readonly hint?: string;
}) => (
  <div class="admin-row is-top">
    <TextField
      label={label}
      type="date"
      min={dayText(Date.now())}
      value={value}
      onValue={onValue}
      fault={fault}
      hint={hint}
    />
    <Button onClick={() => onValue(yearLater(value, Date.now()))}>One year more</Button>
  </div>
);
