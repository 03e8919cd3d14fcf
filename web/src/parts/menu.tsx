import type { ComponentChildren } from 'preact';
import type { ButtonKind } from './button.tsx';
import { Icon, type IconName } from './icon.tsx';
import { Popover } from './popover.tsx';
import './menu.css';

/** An entry: something to do, a way to go, or a line between. */
export type MenuEntry =
  | {
      readonly kind: 'action';
      readonly words: string;
      readonly icon?: IconName;
      readonly note?: string;
      /** One of several that exclude each other: is it the one? */
      readonly isChosen?: boolean;
      readonly run: () => void;
    }
  | {
      readonly kind: 'link';
      readonly words: string;
      readonly href: string;
      readonly icon?: IconName;
      readonly note?: string;
      /** Saved instead of shown. */
      readonly isDownload?: boolean;
    }
  | { readonly kind: 'heading'; readonly words: string }
  | { readonly kind: 'line' };

/** A button with a menu. Arrow keys, Home and End move in it; letters are left to type-ahead of the platform's find. */
export const Menu = ({
  words,
  label,
  icon,
  kind,
  buttonClass,
  id,
  entries,
}: {
  readonly words?: ComponentChildren;
  readonly label?: string;
  readonly icon?: IconName;
  readonly kind?: ButtonKind;
  readonly buttonClass?: string;
  readonly id?: string;
  readonly entries: readonly MenuEntry[];
}) => (
  <Popover
    words={words}
    label={label}
    icon={icon}
    kind={kind ?? 'plain'}
    popupKind="menu"
    buttonClass={buttonClass}
    id={id}
  >
    {({ close }) => (
      <div class="menu" role="none" onKeyDown={moveFocus}>
        {entries.map((entry, place) => (
          <Entry key={place} entry={entry} close={close} />
        ))}
      </div>
    )}
  </Popover>
);

const Entry = ({ entry, close }: { readonly entry: MenuEntry; readonly close: () => void }) => {
  if (entry.kind === 'line') return <hr class="menu-line" />;
  if (entry.kind === 'heading')
    return (
      <div class="menu-heading" role="presentation">
        {entry.words}
      </div>
    );
  const inside = (
    <>
      {entry.icon !== undefined && <Icon name={entry.icon} />}
      <span>{entry.words}</span>
      {entry.note !== undefined && <span class="menu-note">{entry.note}</span>}
      {entry.kind === 'action' && entry.isChosen === true && (
        <span class="menu-note">
          <Icon name="check" />
        </span>
      )}
    </>
  );
  if (entry.kind === 'link')
    return (
      <a
        class="menu-item"
        role="menuitem"
        href={entry.href}
        onClick={close}
        {...(entry.isDownload === true && { download: '' })}
      >
        {inside}
      </a>
    );
  return (
    <button
      type="button"
      class={entry.isChosen === true ? 'menu-item is-chosen' : 'menu-item'}
      {...(entry.isChosen === undefined
        ? { role: 'menuitem' as const }
        : { role: 'menuitemradio' as const, 'aria-checked': entry.isChosen })}
      onClick={() => {
        close();
        entry.run();
      }}
    >
      {inside}
    </button>
  );
};

/** Moves the focus among the buttons and links of a list by arrow keys, Home and End. */
export const moveFocus = (event: KeyboardEvent): void => {
  const list = event.currentTarget as HTMLElement;
  const items = [...list.querySelectorAll<HTMLElement>('a, button')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  if (to === undefined || items.length === 0) return;
  event.preventDefault();
  items[(to + items.length) % items.length]?.focus();
};
