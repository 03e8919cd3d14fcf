import { useMemo, useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { SelectField, TextField } from '../../parts/field.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Pill } from '../../parts/pill.tsx';
import { dimensionWord } from '../../reports/dimension-words.ts';
import type { Selected } from '../../reports/use-selected.ts';
import { FilterDialog } from '../../shell/filter-dialog.tsx';
import { filterWords, valuesWords } from '../../shell/filter-words.ts';
import { useApp } from '../../state/app-state.ts';
import { type Filter, isSameFilter, OPERATOR_WORDS } from '../../state/filter.ts';
import { dayOf } from '../../state/moment.ts';
import { createSegments } from '../../state/segments.ts';
import { otherPeriod, readSideFilters, type Sides, writeSideFilters } from './sides.ts';

/** What a part of the form is given. */
export interface SideProps {
  readonly sides: Sides;
  readonly selected: Selected;
  readonly onChange: (extra: Readonly<Record<string, string | null>>) => void;
}

const PERIODS = [
  { value: 'same', label: 'The same period' },
  { value: 'prev', label: 'The period before' },
  { value: 'year', label: 'A year before' },
  { value: 'day', label: 'From a day of my choice' },
];

/** Two selections: filters of each side's own, by hand or from kept segments, and the period of B. */
export const SelectionSides = ({ sides, selected, onChange }: SideProps) => {
  const { when } = sides;
  const isDay = when !== null && when !== 'prev' && when !== 'year';
  const start = dayOf(otherPeriod(when, selected.period).from);
  return (
    <>
      {(['a', 'b'] as const).map((side) => (
        <SideFilters
          key={side}
          side={side}
          filters={readSideFilters(sides[side])}
          onFilters={(filters) => onChange({ [side]: writeSideFilters(filters) || null })}
        />
      ))}
      <SelectField
        label="Period of B"
        value={isDay ? 'day' : (when ?? 'same')}
        choices={PERIODS}
        onValue={(value) => onChange({ when: value === 'same' ? null : value === 'day' ? start : value })}
      />
      {isDay && (
        <TextField
          label="B begins"
          type="date"
          value={start}
          onValue={(value) => value !== '' && onChange({ when: value })}
        />
      )}
    </>
  );
};

type Editing = 'nothing' | 'new' | Filter;

/** The filters of one side as pills, one more, or those of a segment. */
const SideFilters = ({
  side,
  filters,
  onFilters,
}: {
  readonly side: 'a' | 'b';
  readonly filters: readonly Filter[];
  readonly onFilters: (filters: readonly Filter[]) => void;
}) => {
  const { storage, organization } = useApp();
  const id = organization.value?.id ?? '';
  const segments = useMemo(() => createSegments(storage, id), [storage, id]).list.value;
  const [editing, setEditing] = useState<Editing>('nothing');
  const name = side.toUpperCase();
  return (
    <fieldset class="side-filters">
      <legend>
        <b class={`side-${side}`}>{name}</b>{' '}
        {filters.length === 0 && <span class="quiet">everything that is selected above</span>}
      </legend>
      {filters.map((filter) => (
        <Pill
          key={JSON.stringify(filter)}
          words={filterWords(filter)}
          onEdit={() => setEditing(filter)}
          onRemove={() => onFilters(filters.filter((other) => !isSameFilter(other, filter)))}
        >
          {dimensionWord(filter.dimension)} {OPERATOR_WORDS[filter.op]} <strong>{valuesWords(filter)}</strong>
        </Pill>
      ))}
      <Button icon="filter" onClick={() => setEditing('new')}>
        Filter {name}
      </Button>
      <Menu
        icon="bookmark"
        label={`Segment for ${name}`}
        entries={
          segments.length === 0
            ? [{ kind: 'heading', words: 'No segments yet: keep the filters above under a name' }]
            : segments.map((segment) => ({
                kind: 'action',
                words: segment.name,
                icon: 'bookmark',
                run: () => onFilters(segment.filters),
              }))
        }
      />
      <FilterDialog
        isOpen={editing !== 'nothing'}
        filter={typeof editing === 'string' ? null : editing}
        onClose={() => setEditing('nothing')}
        onFilter={(next) => {
          const others = filters.filter(
            (other) => typeof editing === 'string' || !isSameFilter(other, editing),
          );
          onFilters(others.some((other) => isSameFilter(other, next)) ? others : [...others, next]);
          setEditing('nothing');
        }}
      />
    </fieldset>
  );
};
