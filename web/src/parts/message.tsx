import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from './icon.tsx';
import './message.css';

/** Something to know: plain, a warning, or trouble (which is read out at once). `title` says what it is, the children what to do. */
export const Message = ({
  kind = 'plain',
  title,
  children,
  actions,
}: {
  readonly kind?: 'plain' | 'warning' | 'trouble';
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) => (
  <div
    class={kind === 'plain' ? 'message' : `message is-${kind}`}
    role={kind === 'trouble' ? 'alert' : 'status'}
  >
    <div class="message-title">
      <Icon name={kind === 'plain' ? 'info' : 'warning'} />
      {title}
    </div>
    {children !== undefined && <div>{children}</div>}
    {actions !== undefined && <div class="message-actions">{actions}</div>}
  </div>
);

/** What stands where there is nothing to show: why, and what to do about it. */
export const EmptyState = ({
  icon,
  title,
  children,
  actions,
}: {
  readonly icon?: IconName;
  readonly title: string;
  readonly children?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) => (
  <div class="empty">
    {icon !== undefined && <Icon name={icon} size={28} />}
    <h2>{title}</h2>
    {children !== undefined && <p>{children}</p>}
    {actions !== undefined && <div class="message-actions">{actions}</div>}
  </div>
);
