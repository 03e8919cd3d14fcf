import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { Button, type ButtonKind } from './button.tsx';
import type { IconName } from './icon.tsx';
import './popover.css';

/** What the content of a popover is given. */
export interface PopoverControl {
  close(): void;
}

/**
 * A button that opens something beside it: the platform's popover, which closes by Escape or a click elsewhere and gives the focus back.
 * `panel` becomes a sheet from below on phones.
 */
export const Popover = ({
  words,
  label,
  icon,
  kind = 'plain',
  isPanel = false,
  popupKind = 'dialog',
  buttonClass,
  id: givenId,
  shortcut,
  children,
}: {
  readonly words?: ComponentChildren;
  /** What the words are of, read out before them; without words: what the button is. */
  readonly label?: string | undefined;
  readonly icon?: IconName | undefined;
  readonly kind?: ButtonKind;
  readonly isPanel?: boolean;
  readonly popupKind?: 'dialog' | 'menu' | 'listbox';
  readonly buttonClass?: string | undefined;
  /** Id of the button, so that a key can press it. */
  readonly id?: string | undefined;
  readonly shortcut?: string | undefined;
  readonly children: (control: PopoverControl) => ComponentChildren;
}) => {
  const ownId = useId();
  const id = givenId ?? ownId;
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const [isOpen, setOpen] = useState(false);
  const close = (): void => popover.current?.hidePopover();

  useEffect(() => {
    if (!isOpen) return;
    const place = (): void => {
      if (button.current !== null && popover.current !== null) put(popover.current, button.current);
    };
    place();
    const inside = popover.current;
    const first =
      inside?.querySelector<HTMLElement>('[data-autofocus]') ??
      inside?.querySelector<HTMLElement>('a, button, input, select, [tabindex="0"]');
    first?.focus({ preventScroll: true });
    window.addEventListener('resize', place);
    window.addEventListener('scroll', place, { passive: true });
    return () => {
      window.removeEventListener('resize', place);
      window.removeEventListener('scroll', place);
    };
  }, [isOpen]);

  return (
    <>
      <Button
        id={id}
        buttonRef={button}
        kind={kind}
        icon={icon}
        label={words === undefined ? label : undefined}
        class={buttonClass ?? ''}
        aria-haspopup={popupKind}
        aria-expanded={isOpen}
        aria-controls={`${id}-popover`}
        aria-keyshortcuts={shortcut}
        popovertarget={`${id}-popover`}
      >
        {words !== undefined && label !== undefined && <span class="unseen">{label}: </span>}
        {words}
      </Button>
      <div
        ref={popover}
        id={`${id}-popover`}
        class={isPanel ? 'popover is-panel' : 'popover'}
        popover="auto"
        role={popupKind}
        aria-label={label ?? (typeof words === 'string' ? words : undefined)}
        aria-labelledby={label === undefined && typeof words !== 'string' ? id : undefined}
        onToggle={(event) => setOpen((event as unknown as ToggleEvent).newState === 'open')}
      >
        {isOpen && children({ close })}
      </div>
    </>
  );
};

const GAP = 6;
const EDGE = 8;

/** Below the button, or above where there is more room; never beyond the window. */
const put = (popover: HTMLElement, button: HTMLElement): void => {
  const at = button.getBoundingClientRect();
  const { width, height } = popover.getBoundingClientRect();
  const left = Math.max(EDGE, Math.min(at.left, window.innerWidth - width - EDGE));
  const fitsBelow = at.bottom + GAP + height <= window.innerHeight - EDGE;
  const top = fitsBelow || at.top < window.innerHeight / 2 ? at.bottom + GAP : at.top - GAP - height;
  popover.style.left = `${left}px`;
  popover.style.top = `${Math.max(EDGE, Math.min(top, window.innerHeight - height - EDGE))}px`;
};
