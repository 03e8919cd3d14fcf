import { ButtonLink } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/message.tsx';

/** Where an address leads nowhere. */
export const NotFound = () => (
  <EmptyState
    icon="search"
    title="There is no such page"
    actions={
      <ButtonLink kind="primary" href="/app/">
        Go to the beginning
      </ButtonLink>
    }
  >
    The address may have been cut off, or the page is not part of this version.
  </EmptyState>
);
