import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { Button } from './button.tsx';
import './dialog.css';

/**
 * A dialog over everything else, as the platform's `<dialog>`: the focus stays in it and goes back afterwards, Escape and a click beside it
 * close it. `sheet` comes from the left edge. On phones a dialog comes from below.
 */
export const Dialog = ({
  title,
  isOpen,
  onClose,
  kind = 'plain',
  children,
}: {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly kind?: 'plain' | 'wide' | 'sheet';
  readonly children: ComponentChildren;
}) => {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    if (isOpen && !element.open) {
      element.showModal();
      // The platform would begin at the button that closes.
      const field = element.querySelector<HTMLElement>(
        '.dialog-body :is(input, select, textarea, [data-autofocus])',
      );
      const first = field ?? element.querySelector<HTMLElement>('.dialog-body :is(a[href], button)');
      (first ?? element.querySelector<HTMLElement>('.dialog-body'))?.focus();
    }
    if (!isOpen && element.open) element.close();
  }, [isOpen]);

  return (
    <dialog
      ref={dialog}
      class={kind === 'plain' ? 'dialog' : `dialog is-${kind}`}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === event.currentTarget && isBeside(event, event.currentTarget))
          event.currentTarget.close();
      }}
    >
      {isOpen && (
        <>
          <header class="dialog-head">
            <h2 id={id}>{title}</h2>
            <Button kind="quiet" icon="close" label="Close" onClick={() => dialog.current?.close()} />
          </header>
          <div class="dialog-body" tabIndex={-1}>
            {children}
          </div>
        </>
      )}
    </dialog>
  );
};

/** The buttons at the end of a dialog, the one that does it last. */
export const DialogActions = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="dialog-actions">{children}</div>
);

const isBeside = ({ clientX, clientY }: MouseEvent, dialog: HTMLElement): boolean => {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return clientX < left || clientX > right || clientY < top || clientY > bottom;
};
