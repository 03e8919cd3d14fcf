import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Route } from '../routes.ts';
import { useApp } from '../state/app-state.ts';
import { ContextBar } from './context-bar.tsx';
import { Rail } from './rail.tsx';
import './frame.css';

/** What is around every page: context, navigation, the controls of the selection. Cares for the title and the focus when the page changes. */
export const Frame = ({
  route,
  children,
}: {
  readonly route: Route | undefined;
  readonly children: ComponentChildren;
}) => {
  const { router, organization } = useApp();
  const main = useRef<HTMLElement>(null);
  const moves = router.moves.value;
  const { site } = router.address.value;
  const title = route?.title ?? 'Not found';

  useEffect(() => {
    const place = site ?? organization.value?.name;
    document.title = [title, place, 'Rumbrella'].filter((part) => part !== undefined).join(' · ');
  }, [title, site, organization.value]);
  useEffect(() => {
    if (moves > 0) main.current?.focus({ preventScroll: true });
  }, [moves]);

  return (
    <div class="frame">
      <a class="skip-link" href="#main" onClick={() => main.current?.focus()}>
        Skip to content
      </a>
      <ContextBar />
      <div class="frame-body">
        <Rail current={route} />
        <div class="frame-column">
          <main id="main" ref={main} tabIndex={-1} aria-label={title}>
            {children}
          </main>
        </div>
      </div>
    </div>
  );
};
