import type { AnchorHTMLAttributes, ButtonHTMLAttributes, ComponentChildren, Ref } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import './button.css';

/** How loud a button is. One primary at most stands in a view. */
export type ButtonKind = 'plain' | 'primary' | 'quiet' | 'danger';

/** Properties of a button; whatever a `<button>` takes as well. */
export interface ButtonProps extends Omit<ButtonHTMLAttributes, 'icon' | 'ref'> {
  readonly kind?: ButtonKind | undefined;
  readonly icon?: IconName | undefined;
  /** Without words: `label` is read out and shown as a tip. */
  readonly label?: string | undefined;
  readonly isBusy?: boolean | undefined;
  readonly buttonRef?: Ref<HTMLButtonElement> | undefined;
  readonly children?: ComponentChildren;
}

/** A button. With `icon` and `label` and no children it is an icon alone. */
export const Button = ({
  kind = 'plain',
  icon,
  label,
  isBusy = false,
  buttonRef,
  children,
  class: extraClass,
  ...rest
}: ButtonProps) => (
  <button
    type="button"
    {...rest}
    ref={buttonRef ?? null}
    class={classOf(kind, children === undefined, extraClass)}
    {...(label !== undefined && { 'aria-label': label, title: label })}
    disabled={rest.disabled === true || isBusy}
    aria-busy={isBusy}
  >
    {icon !== undefined && <Icon name={icon} />}
    {children}
  </button>
);

/** A link that looks like a button. */
export const ButtonLink = ({
  kind = 'plain',
  icon,
  href,
  children,
  ...rest
}: {
  readonly kind?: ButtonKind;
  readonly icon?: IconName;
  readonly href: string;
  readonly children: ComponentChildren;
} & Omit<AnchorHTMLAttributes, 'icon' | 'href' | 'class' | 'role'>) => (
  <a {...rest} href={href} class={classOf(kind, false, undefined)}>
    {icon !== undefined && <Icon name={icon} />}
    {children}
  </a>
);

const classOf = (kind: ButtonKind, isIcon: boolean, extra: unknown): string =>
  [
    'button',
    kind === 'plain' ? '' : `is-${kind}`,
    isIcon ? 'is-icon' : '',
    typeof extra === 'string' ? extra : '',
  ]
    .filter((name) => name !== '')
    .join(' ');
