import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import type { Route } from '../route.ts';
import { useApp } from '../state/app-state.ts';
import { useHeldView } from '../state/use-held-view.ts';
import { useLock } from '../state/use-lock.ts';
import { useWideWindow } from './use-wide-window.ts';
import { DateRange } from './date-range.tsx';
import { FilterPills } from './filter-pills.tsx';
import { SelectionControls } from './selection-controls.tsx';
import './selection-bar.css';

/** What of the page views is looked at: filters, device, engine, percentile, comparison, period. On phones the period, and the rest in a sheet. */
export const SelectionBar = ({ bar }: { readonly bar: Route['bar'] }) => {
  const isWide = useWideWindow();
  useHeldView(useLock());
  if (bar === 'none') return null;
  if (bar === 'period')
    return (
      <div class="selection-bar" role="region" aria-label="Selection">
        <div class="selection-filters" />
        <DateRange />
      </div>
    );
  return (
    <div class="selection-bar" role="region" aria-label="Selection">
      {isWide ? (
        <>
          <FilterPills />
          <div class="selection-controls">
            <SelectionControls hasLabels={false} />
            <DateRange />
          </div>
        </>
      ) : (
        <Narrow />
      )}
    </div>
  );
};

const Narrow = () => {
  const { router } = useApp();
  const [isOpen, setOpen] = useState(false);
  const { filters } = router.address.value.view;
  return (
    <>
      <DateRange />
      <Button icon="filter" onClick={() => setOpen(true)}>
        Filters{filters.length > 0 && <span class="selection-count">{filters.length}</span>}
      </Button>
      <Dialog title="Filters" isOpen={isOpen} onClose={() => setOpen(false)}>
        <div class="selection-sheet">
          <FilterPills />
          <SelectionControls hasLabels />
          <DialogActions>
            <Button kind="primary" onClick={() => setOpen(false)}>
              Show
            </Button>
          </DialogActions>
        </div>
      </Dialog>
    </>
  );
};
