import { useEffect, useState } from 'preact/hooks';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import type { Route } from '../route.ts';
import { useApp } from '../state/app-state.ts';
import { RailContent } from './rail.tsx';
import './topbar.css';

/** In narrow windows: where one is, and the rail as a sheet. */
export const Topbar = ({
  current,
  onSearch,
}: {
  readonly current: Route | undefined;
  readonly onSearch: () => void;
}) => {
  const { router, organization } = useApp();
  const [isOpen, setOpen] = useState(false);
  const { site } = router.address.value;
  const moves = router.moves.value;
  useEffect(() => setOpen(false), [moves, site]);
  return (
    <header class="topbar">
      <Button kind="quiet" icon="menu" label="Menu" onClick={() => setOpen(true)} />
      <p class="topbar-place">
        {organization.value?.name ?? 'Rumbrella'}
        {site !== null && <span class="quiet"> / {site}</span>}
      </p>
      <Button kind="quiet" icon="search" label="Go to…" onClick={onSearch} />
      <Dialog title="Menu" kind="sheet" isOpen={isOpen} onClose={() => setOpen(false)}>
        <div class="rail-sheet">
          <RailContent
            current={current}
            onSearch={() => {
              setOpen(false);
              onSearch();
            }}
          />
        </div>
      </Dialog>
    </header>
  );
};
