import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { TextField } from '../parts/field.tsx';
import { useApp } from '../state/app-state.ts';
import { dayOf } from '../state/moment.ts';
import { comparedPeriod } from '../state/selection.ts';

/** Chooses any other period to compare with. */
export const CompareDialog = ({
  isOpen,
  onClose,
}: {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}) => (
  <Dialog title="Compare with another period" isOpen={isOpen} onClose={onClose}>
    <CompareForm onDone={onClose} />
  </Dialog>
);

const CompareForm = ({ onDone }: { readonly onDone: () => void }) => {
  const { router, now } = useApp();
  const { view } = router.address.value;
  const before = comparedPeriod(view.compare === 'none' ? { ...view, compare: 'prev' } : view, now.value);
  const [from, setFrom] = useState(dayOf(before?.from ?? now.value));
  const [to, setTo] = useState(dayOf((before?.to ?? now.value) - 1));
  const isWrong = from === '' || to === '' || from > to;
  return (
    <form
      class="selection-sheet"
      onSubmit={(event) => {
        event.preventDefault();
        if (isWrong) return;
        router.setView({ compare: { from, to } });
        onDone();
      }}
    >
      <TextField label="From" type="date" value={from} onValue={setFrom} max={dayOf(now.value)} />
      <TextField
        label="Through"
        type="date"
        value={to}
        onValue={setTo}
        max={dayOf(now.value)}
        fault={isWrong ? 'This day lies before the first.' : ''}
      />
      <DialogActions>
        <Button type="submit" kind="primary" disabled={isWrong}>
          Compare
        </Button>
      </DialogActions>
    </form>
  );
};
