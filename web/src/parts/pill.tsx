import type { ComponentChildren } from 'preact';
import { Icon } from './icon.tsx';
import './pill.css';

/** Why something that a share link holds cannot be changed. */
export const LOCK_REASON = 'Set by who shared this, and held to by the server.';

/** Something that narrows what is shown and cannot be changed: somebody else has set it. */
export const LockedPill = ({
  words,
  children,
}: {
  readonly words: string;
  readonly children: ComponentChildren;
}) => (
  <span class="pill is-locked" title={`${words}. ${LOCK_REASON}`}>
    <Icon name="lock" size={12} />
    <span>{children}</span>
    <span class="unseen">(locked)</span>
  </span>
);

/** Something that narrows what is shown: pressing it changes it, its cross takes it away. `words` is read out with both. */
export const Pill = ({
  words,
  children,
  onEdit,
  onRemove,
}: {
  readonly words: string;
  readonly children: ComponentChildren;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
}) => (
  <span class="pill">
    <button type="button" title={words} onClick={onEdit}>
      {children}
    </button>
    <button type="button" class="pill-away" aria-label={`Remove ${words}`} onClick={onRemove}>
      <Icon name="close" size={12} />
    </button>
  </span>
);
