import { useMemo, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Menu, type MenuEntry } from '../parts/menu.tsx';
import { LockedPill, Pill } from '../parts/pill.tsx';
import { dimensionWord } from '../reports/dimension-words.ts';
import { useApp } from '../state/app-state.ts';
import { type Filter, isSameFilter, OPERATOR_WORDS } from '../state/filter.ts';
import { useLock } from '../state/use-lock.ts';
import { createSegments } from '../state/segments.ts';
import { isDeviceFilter } from './device.ts';
import { FilterDialog } from './filter-dialog.tsx';
import { filterWords, valuesWords } from './filter-words.ts';
import { SegmentDialog } from './segment-dialog.tsx';

type Editing =
  | { readonly kind: 'none' }
  | { readonly kind: 'filter'; readonly filter: Filter | null }
  | { readonly kind: 'segment' };

/** The toggle for devices shows those that it sets. */
const isNotOfToggle = (filter: Filter): boolean => !isDeviceFilter(filter);

/** The filters as pills, a button for one more, and the segments. */
export const FilterPills = () => {
  const { router, storage, toasts, organization } = useApp();
  const { filters } = router.address.value.view;
  const lock = useLock();
  const [editing, setEditing] = useState<Editing>({ kind: 'none' });
  const id = organization.value?.id ?? '';
  const segments = useMemo(() => createSegments(storage, id), [storage, id]);
  const done = (): void => setEditing({ kind: 'none' });
  const set = (next: readonly Filter[]): void => router.setView({ filters: next });

  const entries: MenuEntry[] = segments.list.value.map((segment) => ({
    kind: 'action',
    words: segment.name,
    icon: 'bookmark',
    run: () => set(segment.filters),
  }));
  if (entries.length === 0) entries.push({ kind: 'heading', words: 'No segments yet: filters under a name' });
  entries.push({ kind: 'line' });
  if (filters.length > 0)
    entries.push({
      kind: 'action',
      words: 'Keep these filters as a segment…',
      icon: 'plus',
      run: () => setEditing({ kind: 'segment' }),
    });
  for (const segment of segments.list.value)
    entries.push({
      kind: 'action',
      words: `Forget “${segment.name}”`,
      icon: 'trash',
      run: () => {
        segments.remove(segment.name);
        toasts.say(`The segment “${segment.name}” was forgotten.`, {
          words: 'Undo',
          run: () => segments.save(segment),
        });
      },
    });
  if (filters.length > 0)
    entries.push({
      kind: 'action',
      words: 'Clear all filters',
      icon: 'close',
      note: 'Esc',
      run: () => set([]),
    });
  else if (segments.list.value.length === 0) entries.pop();

  return (
    <div class="selection-filters">
      <Button
        id="add-filter"
        kind="quiet"
        icon="filter"
        onClick={() => setEditing({ kind: 'filter', filter: null })}
      >
        Filter
      </Button>
      <Menu kind="quiet" icon="bookmark" label="Segments" entries={entries} />
      {(lock?.filters ?? []).map((filter) => (
        <LockedPill key={JSON.stringify(filter)} words={filterWords(filter)}>
          {dimensionWord(filter.dimension)} {OPERATOR_WORDS[filter.op]} <strong>{valuesWords(filter)}</strong>
        </LockedPill>
      ))}
      {filters.filter(isNotOfToggle).map((filter) => (
        <Pill
          key={JSON.stringify(filter)}
          words={filterWords(filter)}
          onEdit={() => setEditing({ kind: 'filter', filter })}
          onRemove={() => set(filters.filter((other) => !isSameFilter(other, filter)))}
        >
          {dimensionWord(filter.dimension)} {OPERATOR_WORDS[filter.op]} <strong>{valuesWords(filter)}</strong>
        </Pill>
      ))}
      <FilterDialog
        isOpen={editing.kind === 'filter'}
        filter={editing.kind === 'filter' ? editing.filter : null}
        onClose={done}
        onFilter={(next) => {
          const before = editing.kind === 'filter' ? editing.filter : null;
          const others = filters.filter((other) => before === null || !isSameFilter(other, before));
          set(others.some((other) => isSameFilter(other, next)) ? others : [...others, next]);
          done();
        }}
      />
      <SegmentDialog
        isOpen={editing.kind === 'segment'}
        filters={filters}
        taken={segments.list.value.map(({ name }) => name)}
        onClose={done}
        onName={(name) => {
          segments.save({ name, filters });
          toasts.say(`The segment “${name}” was kept in this browser.`);
          done();
        }}
      />
    </div>
  );
};
