import type { ComponentChildren } from 'preact';

/** The heading of a page; every page begins with one. */
export const PageTitle = ({
  title,
  note,
  actions,
}: {
  readonly title: string;
  /** A sentence below: what the page answers. */
  readonly note?: ComponentChildren;
  readonly actions?: ComponentChildren;
}) => (
  <header class="page-title">
    <div>
      <h1>{title}</h1>
      {note !== undefined && <p class="quiet">{note}</p>}
    </div>
    {actions !== undefined && <div class="page-actions">{actions}</div>}
  </header>
);
