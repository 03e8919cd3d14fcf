import { useId, useMemo, useState } from 'preact/hooks';
import { Dialog } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { useApp } from '../state/app-state.ts';
import { type PaletteEntry, ranked } from './palette-entries.ts';
import { usePaletteEntries } from './use-palette-entries.ts';
import './palette.css';

/** ⌘K: everything one can go to, by a few letters of its name. */
export const Palette = ({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) => (
  <Dialog title="Go to…" isOpen={isOpen} onClose={onClose}>
    <PaletteSearch onClose={onClose} />
  </Dialog>
);

const PaletteSearch = ({ onClose }: { readonly onClose: () => void }) => {
  const { router } = useApp();
  const [search, setSearch] = useState('');
  const [at, setAt] = useState(0);
  const id = useId();
  const entries = usePaletteEntries();
  const found = useMemo(() => ranked(entries, search), [entries, search]);
  const chosen = found[Math.min(at, found.length - 1)];
  const go = (entry: PaletteEntry | undefined): void => {
    if (entry === undefined) return;
    onClose();
    router.go(entry.href);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const next = (Math.min(at, found.length - 1) + step + found.length) % Math.max(1, found.length);
      setAt(next);
      document.getElementById(`${id}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      go(chosen);
    }
  };
  return (
    <div class="palette">
      <input
        class="input"
        type="text"
        role="combobox"
        aria-label="Pages, sites and organizations"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={chosen === undefined ? undefined : `${id}-${found.indexOf(chosen)}`}
        placeholder="Pages, sites, organizations"
        autofocus
        value={search}
        onInput={(event) => {
          setSearch(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} class="palette-list" role="listbox" aria-label="Places">
        {found.map((entry, place) => (
          <div
            key={entry.href + entry.words}
            id={`${id}-${place}`}
            class="palette-item"
            role="option"
            aria-selected={entry === chosen}
            onClick={() => go(entry)}
            onPointerMove={() => place !== at && setAt(place)}
          >
            <Icon name={entry.icon} />
            <span>{entry.words}</span>
            <span class="menu-note">{entry.kind}</span>
          </div>
        ))}
      </div>
      {found.length === 0 && <p class="switcher-empty">Nothing of that name</p>}
    </div>
  );
};
