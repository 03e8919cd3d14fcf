import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { useApp } from '../state/app-state.ts';
import { comparedPeriod } from '../state/selection.ts';
import { DayRangeFields, useDayRange } from './day-range.tsx';

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
  const range = useDayRange({ from: before?.from ?? now.value, to: before?.to ?? now.value });
  return (
    <form
      class="selection-sheet"
      onSubmit={(event) => {
        event.preventDefault();
        if (range.isWrong) return;
        router.setView({ compare: { from: range.from, to: range.to } });
        onDone();
      }}
    >
      <DayRangeFields range={range} fault="This day lies before the first." />
      <DialogActions>
        <Button type="submit" kind="primary" disabled={range.isWrong}>
          Compare
        </Button>
      </DialogActions>
    </form>
  );
};
