import type { ComponentChildren } from 'preact';
import { Tag } from '../../../parts/badge.tsx';
import './status-cards.css';

/** How one part is: a word by its kind, and a sentence. */
export const Card = ({
  title,
  kind,
  words,
  children,
}: {
  readonly title: string;
  readonly kind: 'good' | 'warning' | 'trouble';
  readonly words: string;
  readonly children: ComponentChildren;
}) => (
  <li class="status-card">
    <div class="status-card-head">
      <h2>{title}</h2>
      <Tag kind={kind}>{words}</Tag>
    </div>
    <p>{children}</p>
  </li>
);
