import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Icon } from '../parts/icon.tsx';
import { moveFocus } from '../parts/menu.tsx';
import './switcher.css';

/** Something to switch to. */
export interface SwitcherItem {
  readonly id: string;
  readonly words: string;
  readonly note: string;
  readonly sign?: ComponentChildren;
  readonly isChosen: boolean;
  readonly href: string;
}

/** From so many on there is a search. */
const MANY = 8;

/** A list of places to switch to; arrow keys move in it. */
export const SwitcherList = ({
  label,
  items,
  close,
}: {
  readonly label: string;
  readonly items: readonly SwitcherItem[];
  readonly close: () => void;
}) => {
  const [search, setSearch] = useState('');
  const looked = search.trim().toLowerCase();
  const found = items.filter(
    ({ id, words }) => words.toLowerCase().includes(looked) || id.toLowerCase().includes(looked),
  );
  return (
    <div class="switcher-list" onKeyDown={moveFocus}>
      {items.length >= MANY && (
        <input
          class="input"
          type="search"
          aria-label={`Search ${label.toLowerCase()}`}
          placeholder="Search"
          value={search}
          data-autofocus
          onInput={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {found.map((item) => (
        <a
          key={item.id}
          class={item.isChosen ? 'menu-item is-chosen' : 'menu-item'}
          href={item.href}
          onClick={close}
          {...(item.isChosen && { 'aria-current': true as const })}
        >
          {item.sign}
          <span class="switcher-words">{item.words}</span>
          {item.note !== '' && <span class="menu-note">{item.note}</span>}
          {item.isChosen && <Icon name="check" />}
        </a>
      ))}
      {found.length === 0 && <p class="switcher-empty">Nothing of that name</p>}
    </div>
  );
};
