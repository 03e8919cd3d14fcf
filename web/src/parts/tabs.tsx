import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import './tabs.css';

/** A tab. */
export interface Tab<Id extends string> {
  readonly id: Id;
  readonly words: ComponentChildren;
}

/** Tabs over one panel: arrow keys change, Tab goes into the panel. The choice is the caller's, mostly in the address. */
export const Tabs = <Id extends string>({
  label,
  tabs,
  chosen,
  onChoose,
  children,
}: {
  readonly label: string;
  readonly tabs: readonly Tab<Id>[];
  readonly chosen: Id;
  readonly onChoose: (id: Id) => void;
  readonly children: ComponentChildren;
}) => {
  const base = useId();
  const choose = (event: KeyboardEvent, step: number): void => {
    event.preventDefault();
    const at = tabs.findIndex(({ id }) => id === chosen);
    const next = tabs[(at + step + tabs.length) % tabs.length];
    if (next === undefined) return;
    onChoose(next.id);
    document.getElementById(`${base}-${next.id}`)?.focus();
  };
  return (
    <div>
      <div
        class="tabs"
        role="tablist"
        aria-label={label}
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') choose(event, 1);
          if (event.key === 'ArrowLeft') choose(event, -1);
        }}
      >
        {tabs.map(({ id, words }) => (
          <button
            key={id}
            type="button"
            id={`${base}-${id}`}
            class="tab"
            role="tab"
            aria-selected={id === chosen}
            aria-controls={`${base}-panel`}
            tabIndex={id === chosen ? 0 : -1}
            onClick={() => onChoose(id)}
          >
            {words}
          </button>
        ))}
      </div>
      <div id={`${base}-panel`} role="tabpanel" aria-labelledby={`${base}-${chosen}`}>
        {children}
      </div>
    </div>
  );
};
