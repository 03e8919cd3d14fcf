import { useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Dialog, DialogActions } from '../parts/dialog.tsx';
import { TextField } from '../parts/field.tsx';
import type { Filter } from '../state/filter.ts';
import { filterWords } from './filter-words.ts';

/** Gives filters a name. */
export const SegmentDialog = ({
  isOpen,
  onClose,
  ...rest
}: {
  readonly isOpen: boolean;
  readonly filters: readonly Filter[];
  /** Names that there are already. */
  readonly taken: readonly string[];
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}) => (
  <Dialog title="Keep as a segment" isOpen={isOpen} onClose={onClose}>
    <SegmentForm {...rest} />
  </Dialog>
);

const SegmentForm = ({
  filters,
  taken,
  onName,
}: {
  readonly filters: readonly Filter[];
  readonly taken: readonly string[];
  readonly onName: (name: string) => void;
}) => {
  const [name, setName] = useState('');
  const trimmed = name.trim();
  return (
    <form
      class="selection-sheet"
      onSubmit={(event) => {
        event.preventDefault();
        if (trimmed !== '') onName(trimmed);
      }}
    >
      <p class="quiet">{filters.map(filterWords).join(' · ')}</p>
      <TextField
        label="Name"
        value={name}
        onValue={setName}
        maxLength={60}
        data-autofocus
        hint={
          taken.includes(trimmed)
            ? 'There is one of this name; it will be replaced.'
            : 'Segments stay in this browser, for this organization. To share filters, send the link.'
        }
      />
      <DialogActions>
        <Button type="submit" kind="primary" disabled={trimmed === ''}>
          Keep
        </Button>
      </DialogActions>
    </form>
  );
};
